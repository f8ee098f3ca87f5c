import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { attemptKey, type ErasedKey, wamidKey } from './erasedIds.ts'

/** A message that is about to go, as far as other rows name it. */
export type DoomedMessage = {
  id: string
  channelId: string
  conversationId: string
  direction: 'in' | 'out' | 'note'
  type: string
  wamid: string | null
  targetWamid: string | null
  mediaId: string | null
  authorContactId: string | null
}

/** What of a message `m` {@link removeMessages} has to know. */
export const doomedColumns = (tx: Transaction) => tx`
  m.id, m.channel_id, m.conversation_id, m.direction, m.type, m.wamid, m.target_wamid, m.media_id,
  m.author_contact_id`

/**
 * Deletes messages with all that hangs on them: attempts, what waits to be sent, words of the search and mentions by themselves,
 * statuses and reactions here. Their files stay, for the caller to release. Their conversations are locked by the caller.
 *
 * Answers with the ids by which WhatsApp may still speak of them.
 */
export async function removeMessages(
  tx: Transaction,
  messages: readonly DoomedMessage[],
): Promise<ErasedKey[]> {
  if (messages.length === 0) return []
  const ids = messages.map((message) => message.id)
  const attempts = await tx<{ id: string; channelId: string; wamid: string | null }[]>`
    select id, channel_id, wamid from message_attempts where message_id = any(${ids}::uuid[])`
  const wamids = wamidsOf([...messages, ...attempts])
  await tx`delete from message_statuses where message_id = any(${ids}::uuid[])`
  await tx`
    delete from message_statuses s using ${unnest(tx, wamids, { channelId: 'uuid', wamid: 'text' })}
    where s.channel_id = r."channelId" and s.wamid = r.wamid`
  await tx`
    delete from message_reactions mr using ${unnest(tx, wamids, { channelId: 'uuid', wamid: 'text' })}
    where mr.channel_id = r."channelId" and mr.target_wamid = r.wamid`
  await tx`delete from messages where id = any(${ids}::uuid[])`
  return [
    ...wamids.map(({ channelId, wamid }) => wamidKey(channelId, wamid)),
    ...attempts.map((attempt) => attemptKey(attempt.id)),
  ]
}

function wamidsOf(rows: readonly { channelId: string; wamid: string | null }[]) {
  const wamids = rows.flatMap(({ channelId, wamid }) => (wamid === null ? [] : [{ channelId, wamid }]))
  return [...new Map(wamids.map((one) => [`${one.channelId} ${one.wamid}`, one])).values()]
}
