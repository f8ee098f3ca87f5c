import type { Transaction } from '../../db/client.ts'
import { type BatonRequest, checkBatons } from './checkBaton.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { type LockedMessage, readBack } from './lockMessage.ts'
import { Refusal } from './refusal.ts'
import { isWindowOpen } from './serviceWindow.ts'
import type { MessageSnapshot } from './snapshot.ts'

/**
 * Puts a message back into the line because an agent asked for it: a new attempt, with an id and a ladder of its own, which
 * really sends. Earlier attempts keep theirs, so that one that arrives after all is seen. It goes before what still waits in
 * its conversation.
 *
 * Reasons: LOCKED, LOCK_LOST and COLLEAGUE_REPLIED as for any answer; WINDOW_CLOSED; WRONG_STATE when it was not sent from here, or is under way.
 */
export async function sendAgain(
  tx: Transaction,
  { message, conversation }: LockedMessage,
  { agent, baton, seenSeq }: Omit<BatonRequest, 'conversationId'>,
  now: Date,
): Promise<MessageSnapshot> {
  const [refused] = await checkBatons(tx, [{ agent, conversationId: conversation.id, baton, seenSeq }])
  if (refused) throw refused
  if (message.type !== 'template' && !isWindowOpen(conversation.lastInboundAt, now)) {
    throw new Refusal(
      'WINDOW_CLOSED',
      'The customer last wrote more than 24 hours ago, so WhatsApp only takes templates until they write again.',
    )
  }
  const [queued] = await tx<{ attempt: number }[]>`
    with line as (
      update outbox set state = 'queued', due_at = ${now.toISOString()}, retries = 0, last_error = null,
        attempt_id = null, claimed_at = null
      where message_id = ${message.id} and state in ('failed', 'sent', 'unknown')
      returning attempts
    )
    update messages m set status = 'queued', attempt = line.attempts + 1, error = null, wamid = null,
      dismissed_at = null, dismissed_by = null
    from line where m.id = ${message.id}
    returning m.attempt`
  if (!queued)
    throw new Refusal('WRONG_STATE', 'This message was not sent from Baton, so it can not be sent again.')
  const after = await readBack(tx, message.id)
  commitWithEvents(tx, [
    {
      workspaceId: conversation.workspaceId,
      channelId: conversation.channelId,
      conversationId: conversation.id,
      event: {
        type: 'message.status',
        conversationId: conversation.id,
        messageId: message.id,
        attempt: queued.attempt,
        status: 'queued',
        error: null,
        wamid: null,
      },
    },
  ])
  return after
}
