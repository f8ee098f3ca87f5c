import type { Queryable } from '../../db/client.ts'
import type { ChannelSnapshot } from './snapshot.ts'

/** What the customer wrote last, and what the team decided about blue ticks. */
export type NewestInbound = {
  wamid: string
  phoneNumberId: string
  readReceipts: ChannelSnapshot['readReceipts']
}

/** WhatsApp takes read marks for messages of the last 30 days. */
const OLDEST_MARK_MS = 30 * 24 * 60 * 60 * 1000

/** The newest message that can be marked as read; null in a group, on a stopped channel, or when there is none so young. */
export async function newestInbound(
  sql: Queryable,
  conversationId: string,
  now: Date,
): Promise<NewestInbound | null> {
  const [row] = await sql<NewestInbound[]>`
    select m.wamid, channel.phone_number_id, channel.read_receipts
    from conversations c
    join contacts contact on contact.id = c.contact_id and contact.kind = 'person'
    join channels channel on channel.id = c.channel_id and channel.stopped_at is null
    join lateral (
      select wamid, sent_at from messages
      where conversation_id = c.id and direction = 'in' and wamid is not null
        and type not in ('reaction', 'edit', 'revoke', 'system')
      order by position desc limit 1
    ) m on m.sent_at > ${new Date(now.getTime() - OLDEST_MARK_MS).toISOString()}
    where c.id = ${conversationId}`
  return row ?? null
}
