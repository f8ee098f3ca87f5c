import type { Transaction } from '../../db/client.ts'
import type { MessageContent } from '../whatsapp/content.ts'
import type { Recipient } from '../whatsapp/graph.ts'

/**
 * The outbox row of a message:
 *
 *                       ┌───────────── refused for now: due again later ────────────┐
 *                       ▼                                                           │
 *     (sendMessage) ─> queued ── claim ──> sending ── the Graph API answered ──> settle ──> sent
 *                       ▲                     │                                     └─────> failed
 *                       │                     ├── the request left, no answer ────────────> unknown
 *                       │                     └── the lease ran out (a crash) ────────────> unknown
 *                       └── never left this machine ── (from sending)
 *
 *     unknown ── a status of WhatsApp carries the attempt's id ──> sent | failed      (climbAttempts)
 *
 * `sending` and the id of the attempt are committed BEFORE the request leaves. So a crash at any instant leaves either a
 * row that was never sent, or one of which we know that it may have been: the latter is never sent again by itself.
 * Only the head of each conversation's line can be claimed, so order holds through waits and repetitions.
 */
export type Claimed = {
  outboxId: string
  attemptId: string
  /** How many times the message has been tried, this one included. */
  attempts: number
  messageId: string
  workspaceId: string
  channelId: string
  conversationId: string
  phoneNumberId: string
  recipient: Recipient | null
  content: MessageContent
  quotedWamid: string | null
  /** Filled in before the request, when the file is at Meta. */
  graphMediaId: string | null
}

type ClaimedRow = Omit<Claimed, 'recipient'> & {
  phone: string | null
  userId: string | null
  groupId: string | null
}

/** Claims up to `limit` messages that are due and first in their conversation's line. Rows that others claim are skipped. */
export async function claim(tx: Transaction, limit: number, now: Date): Promise<Claimed[]> {
  const at = now.toISOString()
  const rows = await tx<ClaimedRow[]>`
    with heads as (
      select o.id from outbox o
      where o.state = 'queued' and o.due_at <= ${at}
        and not exists (
          select 1 from outbox earlier
          where earlier.conversation_id = o.conversation_id and earlier.state in ('queued', 'sending')
            and earlier.position < o.position
        )
      order by o.due_at
      limit ${limit}
      for update skip locked
    ), claimed as (
      update outbox o
      set state = 'sending', attempts = o.attempts + 1, attempt_id = gen_random_uuid(), claimed_at = ${at}
      from heads where o.id = heads.id
      returning o.*
    ), attempted as (
      insert into message_attempts (id, workspace_id, channel_id, message_id, number, status, status_rank)
      select attempt_id, workspace_id, channel_id, message_id, attempts, 'sending', 1 from claimed
    ), shown as (
      update messages m set attempt = claimed.attempts, status = 'sending', error = null
      from claimed where m.id = claimed.message_id
    )
    select claimed.id as outbox_id, claimed.attempt_id, claimed.attempts, claimed.message_id, claimed.workspace_id,
           claimed.channel_id, claimed.conversation_id, channel.phone_number_id, contact.phone,
           (select value from contact_identities i where i.contact_id = contact.id and i.kind = 'bsuid' limit 1) as user_id,
           (select value from contact_identities i where i.contact_id = contact.id and i.kind = 'group' limit 1) as group_id,
           message.content, message.context ->> 'quotedWamid' as quoted_wamid, null as graph_media_id
    from claimed
    join messages message on message.id = claimed.message_id
    join channels channel on channel.id = claimed.channel_id
    join conversations conversation on conversation.id = claimed.conversation_id
    join contacts contact on contact.id = conversation.contact_id`
  return rows.map(({ phone, userId, groupId, ...row }) => ({
    ...row,
    recipient: recipientOf({ phone, userId, groupId }),
  }))
}

function recipientOf({
  phone,
  userId,
  groupId,
}: Pick<ClaimedRow, 'phone' | 'userId' | 'groupId'>): Recipient | null {
  if (groupId !== null) return { groupId }
  if (phone !== null) return { phone }
  return userId === null ? null : { userId }
}
