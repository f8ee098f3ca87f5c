import type { Transaction } from '../../db/client.ts'
import type { BatonRequest } from './checkBaton.ts'
import { DECIDE_AFTER_MS } from './climbAttempts.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { putAside } from './dismissMessage.ts'
import { type LockedMessage, lockMessage, type MessageRequest, readBack } from './lockMessage.ts'
import { Refusal } from './refusal.ts'
import { sendAgain } from './sendAgain.ts'
import type { MessageSnapshot } from './snapshot.ts'

/**
 * What an agent can do about a message of which nobody knows whether it was sent.
 *
 *     check       wait for its status a little longer. WhatsApp has no question to which it would answer "I have it": only a
 *                 status tells, and each one that comes is applied at once. So looking again means waiting again
 *     send_again  a new attempt; should the first one have arrived, the customer has it twice, and that will show
 *     leave       it stays as it is, and leaves the list of what needs somebody
 */
export type Decision = 'check' | 'send_again' | 'leave'

/**
 * Decides about an `unknown` message. `send_again` is refused before the time at which a status should have come.
 * Reasons: NOT_FOUND, WRONG_STATE and those of
 * `sendAgain`.
 */
export async function resolveMessage(
  tx: Transaction,
  request: MessageRequest & Pick<BatonRequest, 'baton' | 'seenSeq'> & { decision: Decision },
  now: Date,
): Promise<MessageSnapshot> {
  const locked = await lockMessage(tx, request)
  const { status, decideAt } = locked.message
  if (status !== 'unknown') {
    throw new Refusal('WRONG_STATE', 'It is known by now what became of this message.', { status })
  }
  if (request.decision === 'leave') return putAside(tx, locked, request, now)
  if (request.decision === 'check') return waitOn(tx, locked, now)
  if (decideAt !== null && new Date(decideAt) > now) {
    const sentence =
      'WhatsApp may still tell whether it arrived. Wait until then, so that nobody gets it twice.'
    throw new Refusal('WRONG_STATE', sentence, { status, decideAt })
  }
  return sendAgain(tx, locked, request, now)
}

async function waitOn(
  tx: Transaction,
  { message, conversation }: LockedMessage,
  now: Date,
): Promise<MessageSnapshot> {
  const decideAt = new Date(now.getTime() + DECIDE_AFTER_MS).toISOString()
  await tx`update outbox set due_at = ${decideAt} where message_id = ${message.id} and state = 'unknown'`
  const after = await readBack(tx, message.id)
  const { workspaceId, channelId, id: conversationId } = conversation
  const { id: messageId, attempt, error, wamid } = after
  const reached = { messageId, attempt, status: 'unknown' as const, error, wamid, decideAt }
  commitWithEvents(tx, [
    { workspaceId, channelId, conversationId, event: { type: 'message.status', conversationId, ...reached } },
  ])
  return after
}
