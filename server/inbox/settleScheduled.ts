import type { Sql, Transaction } from '../../db/client.ts'
import type { OutgoingContent } from '../whatsapp/outgoingContent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { scheduledById } from './readScheduled.ts'
import type { Refusal } from './refusal.ts'

export type ClaimedScheduled = {
  id: string
  workspaceId: string
  conversationId: string
  agentId: string
  clientMessageId: string
  content: OutgoingContent
  quotedMessageId: string | null
}

/**
 * Takes a scheduled message whose time has come; from here on it can not be called off. Null when it was, or was sent. One that
 * another process had taken and died with is taken again: sending is safe to repeat.
 */
export async function claimScheduled(
  sql: Sql,
  scheduledId: string,
  now: Date,
): Promise<ClaimedScheduled | null> {
  const [claimed] = await sql<ClaimedScheduled[]>`
    update scheduled_messages set state = 'sending'
    where id = ${scheduledId} and state in ('scheduled', 'sending') and send_at <= ${now.toISOString()}
    returning id, workspace_id, conversation_id, agent_id, client_message_id, content, quoted_message_id`
  return claimed ?? null
}

/** Whether it still waits, because its time has not come by this clock. */
export async function isStillWaiting(sql: Sql, scheduledId: string): Promise<boolean> {
  const [row] = await sql`select 1 from scheduled_messages where id = ${scheduledId} and state = 'scheduled'`
  return row !== undefined
}

/** `later`: it may be called off again until it is tried once more. */
export type ScheduledOutcome = { messageId: string } | { refused: Refusal } | 'later'

/** Writes down what became of a claimed one, and tells. */
export async function settleScheduled(
  tx: Transaction,
  { id, workspaceId, conversationId }: ClaimedScheduled,
  outcome: ScheduledOutcome,
  now: Date,
): Promise<void> {
  if (outcome === 'later') {
    await tx`update scheduled_messages set state = 'scheduled' where id = ${id} and state = 'sending'`
    return
  }
  const isSent = 'messageId' in outcome
  const refusal = isSent ? null : { reason: outcome.refused.reason, message: outcome.refused.message }
  const [settled] = await tx<{ channelId: string }[]>`
    update scheduled_messages set state = ${isSent ? 'sent' : 'refused'}, settled_at = ${now.toISOString()},
      message_id = ${isSent ? outcome.messageId : null},
      refusal = ${refusal === null ? null : JSON.stringify(refusal)}::text::json
    where id = ${id} and state = 'sending'
    returning channel_id`
  if (!settled) return
  const scheduled = await scheduledById(tx, id)
  const { channelId } = settled
  commitWithEvents(tx, [
    { workspaceId, channelId, conversationId, event: { type: 'scheduled.changed', scheduled } },
  ])
}
