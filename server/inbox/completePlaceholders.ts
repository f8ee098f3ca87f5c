import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { PlacedMessage } from './insertMessages.ts'

/** How the history of a newly connected number names a medium whose id follows in a later delivery (Meta, "History webhooks"). */
const PLACEHOLDER_TYPE = 'media_placeholder'

/**
 * Puts the medium in the place that the history kept for it, under the same wamid. Once only: what is no placeholder any
 * more is never touched. Returns the ids of the messages that were completed.
 */
export async function completePlaceholders(
  tx: Transaction,
  known: readonly PlacedMessage[],
): Promise<string[]> {
  const rows = known.flatMap(({ channelId, message }) => {
    if (!message.isHistory || message.type === PLACEHOLDER_TYPE) return []
    const { wamid, type, body, content, raw } = message
    return [{ channelId, wamid, type, body, content, raw }]
  })
  if (rows.length === 0) return []
  const completed = await tx<{ id: string }[]>`
    update messages m set type = r.type, body = r.body, content = r.content, raw = r.raw
    from ${unnest(tx, rows, {
      channelId: 'uuid',
      wamid: 'text',
      type: 'text',
      body: 'text',
      content: 'json',
      raw: 'json',
    })}
    where m.channel_id = r."channelId" and m.wamid = r.wamid and m.type = ${PLACEHOLDER_TYPE}
    returning m.id`
  return completed.map((row) => row.id)
}
