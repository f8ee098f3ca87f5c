import type { Queryable, Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { MessageContent } from '../whatsapp/content.ts'
import type { Recipient } from '../whatsapp/graph.ts'

/**
 * The outbox row of a message:
 *
 *                    ┌──── put off by WhatsApp: due again later (`due_at`, `last_error`) ────┐
 *                    ├──── the channel stopped: due when it starts again ────────────────────┤
 *                    ├──── it never left this machine: the attempt is taken back ────────────┤
 *                    ▼                                                                       │
 *  (sendMessages) ─> queued ── claim ──> sending ── the Graph API answered ──> settle ───────┴──> sent | failed
 *     │  ▲  ▲          │                    ├── the request left, no answer ───────────────────> unknown
 *     │  │  │          │                    └── the lease ran out (a crash) ───────────────────> unknown
 *     │  │  │          └── an earlier attempt arrived after all ───────────────────────────────> sent
 *     │  │  ├── the agent: try again ── failed
 *     │  │  └── the agent: send again ── unknown ── a status with the attempt's id ────────────> sent | failed
 *     │  └── waits for a limit of WhatsApp or for its turn: nothing is written but `due_at`
 *     └── the agent called it back ──> cancelled
 *
 * `sending` and the id of the attempt are committed BEFORE the request leaves. So a crash at any instant leaves either a
 * row that was never sent, or one of which we know that it may have been: the latter is never sent again by itself.
 *
 * Only the head of each conversation's line can be claimed, so order holds through waits and repetitions. `queued` and
 * `sending` hold the line; `failed` and `unknown` do not: what is in doubt may have arrived, and to hold every later answer
 * back for minutes would hurt more than two answers in the other order. What is sent again goes before what still waits.
 */
export type Claimed = {
  outboxId: string
  attemptId: string
  /** How many times the message has been tried, this one included. */
  attempts: number
  /** How often WhatsApp has put it off since somebody asked for it. */
  retries: number
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

/** Claims those of the named rows that are still due and first in their line. Rows that others claim are skipped. */
export async function claim(tx: Transaction, outboxIds: readonly string[], now: Date): Promise<Claimed[]> {
  const at = now.toISOString()
  const rows = await tx<ClaimedRow[]>`
    with heads as (
      select o.id from ${unnest(
        tx,
        outboxIds.map((id) => ({ id })),
        { id: 'uuid' },
      )}
      join outbox o on o.id = r.id
      where o.state = 'queued' and o.due_at <= ${at} and r.id = ${firstInLine(tx)}
      for update of o skip locked
    ), claimed as (
      update outbox o
      set state = 'sending', attempts = o.attempts + 1, attempt_id = gen_random_uuid(), claimed_at = ${at}, last_error = null
      from heads where o.id = heads.id
      returning o.*
    ), attempted as (
      insert into message_attempts (id, workspace_id, channel_id, message_id, number, status, status_rank)
      select attempt_id, workspace_id, channel_id, message_id, attempts, 'sending', 1 from claimed
    ), shown as (
      update messages m set attempt = claimed.attempts, status = 'sending', error = null
      from claimed where m.id = claimed.message_id
    )
    select claimed.id as outbox_id, claimed.attempt_id, claimed.attempts, claimed.retries, claimed.message_id,
           claimed.workspace_id, claimed.channel_id, claimed.conversation_id, channel.phone_number_id, contact.phone,
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

/**
 * The row that is first in the line of an outbox row `o`. One look into the index for each row, whatever the statistics say:
 * an outbox is mostly empty, and a `not exists` that was planned for an empty one compares every row of a long line with
 * every other.
 */
export const firstInLine = (sql: Queryable) => sql`(
  select line.id from outbox line
  where line.conversation_id = o.conversation_id and line.state in ('queued', 'sending')
  order by line.position
  limit 1
)`

function recipientOf({
  phone,
  userId,
  groupId,
}: Pick<ClaimedRow, 'phone' | 'userId' | 'groupId'>): Recipient | null {
  if (groupId !== null) return { groupId }
  if (phone !== null) return { phone }
  return userId === null ? null : { userId }
}
