import type { Transaction } from '../../db/client.ts'
import { changedEvents } from './changedEvents.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { type LockedMessage, lockMessage, type MessageRequest, readBack } from './lockMessage.ts'
import { Refusal } from './refusal.ts'
import type { MessageSnapshot } from './snapshot.ts'

/**
 * Puts the failure, or the doubt, of a message aside: it stays as it is and leaves the list of what needs somebody. Should it
 * come to something else later, that is news again. Reasons: NOT_FOUND, WRONG_STATE.
 */
export async function dismissMessage(
  tx: Transaction,
  request: MessageRequest,
  now: Date,
): Promise<MessageSnapshot> {
  return putAside(tx, await lockMessage(tx, request), request, now)
}

/** The same for one that is locked already. */
export async function putAside(
  tx: Transaction,
  { message, conversation }: LockedMessage,
  { agent }: MessageRequest,
  now: Date,
): Promise<MessageSnapshot> {
  const { id, status } = message
  if (status !== 'failed' && status !== 'unknown') {
    throw new Refusal('WRONG_STATE', 'There is nothing to put aside: this message did not fail.', { status })
  }
  const dismissed = await tx`
    update messages set dismissed_at = ${now.toISOString()}, dismissed_by = ${agent.id}
    where id = ${id} and dismissed_at is null`
  const after = await readBack(tx, id)
  if (dismissed.count > 0) {
    const { workspaceId, channelId, id: conversationId } = conversation
    commitWithEvents(tx, await changedEvents(tx, [id], [{ workspaceId, channelId, conversationId }]))
  }
  return after
}
