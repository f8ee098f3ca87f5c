import type { Transaction } from '../../db/client.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { lockMessage, type MessageRequest, readBack } from './lockMessage.ts'
import { Refusal } from './refusal.ts'
import type { MessageSnapshot } from './snapshot.ts'

/**
 * Calls a message back that has not left yet, also one that waits for a repetition. The row of the outbox decides: the sender
 * claims it, or this does. Reasons: NOT_FOUND, WRONG_STATE.
 */
export async function cancelMessage(tx: Transaction, request: MessageRequest): Promise<MessageSnapshot> {
  const { message, conversation } = await lockMessage(tx, request)
  const { id: messageId, attempt, status } = message
  if (status === 'cancelled') return message
  const cancelled = await tx`
    with line as (
      update outbox set state = 'cancelled' where message_id = ${messageId} and state = 'queued' returning message_id
    )
    update messages m set status = 'cancelled', error = null from line where m.id = line.message_id`
  if (cancelled.count === 0) {
    throw new Refusal('WRONG_STATE', 'It is too late to call this message back.', { status })
  }
  const after = await readBack(tx, messageId)
  const { workspaceId, channelId, id: conversationId } = conversation
  const reached = { messageId, attempt, status: 'cancelled' as const, error: null, wamid: null }
  commitWithEvents(tx, [
    { workspaceId, channelId, conversationId, event: { type: 'message.status', conversationId, ...reached } },
  ])
  return after
}
