import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { AddedMessage } from './insertMessages.ts'

/** How the history of a newly connected number names a medium whose id follows in a later delivery (Meta, "History webhooks"). */
const PLACEHOLDER_TYPE = 'media_placeholder'

/**
 * Puts the medium in the place that the history kept for it, under the same wamid. Once only: what is no placeholder any
 * more is never touched. Returns those that were completed, with the ids of the messages that they were put into.
 */
export async function completePlaceholders(
  tx: Transaction,
  known: readonly AddedMessage[],
): Promise<AddedMessage[]> {
  const complete = known.filter(({ message }) => message.isHistory && message.type !== PLACEHOLDER_TYPE)
  const rows = complete.map(({ id, channelId, mediaId, message }) => {
    const { wamid, type, body, content, raw } = message
    return { candidateId: id, channelId, mediaId, wamid, type, body, content, raw }
  })
  if (rows.length === 0) return []
  const completed = await tx<{ id: string; candidateId: string }[]>`
    update messages m set type = r.type, body = r.body, content = r.content, raw = r.raw, media_id = r."mediaId"
    from ${unnest(tx, rows, {
      candidateId: 'uuid',
      channelId: 'uuid',
      mediaId: 'uuid',
      wamid: 'text',
      type: 'text',
      body: 'text',
      content: 'json',
      raw: 'json',
    })}
    where m.channel_id = r."channelId" and m.wamid = r.wamid and m.type = ${PLACEHOLDER_TYPE}
    returning m.id, r."candidateId" as candidate_id`
  const idOf = new Map(completed.map((row) => [row.candidateId, row.id]))
  return complete.flatMap((one) => {
    const id = idOf.get(one.id)
    return id === undefined ? [] : [{ ...one, id }]
  })
}
