import type { Transaction } from '../../db/client.ts'
import type { BatonRequest } from './checkBaton.ts'
import { lockMessage, type MessageRequest } from './lockMessage.ts'
import { Refusal } from './refusal.ts'
import { sendAgain } from './sendAgain.ts'
import type { MessageSnapshot } from './snapshot.ts'

/** Sends a failed message once more. Ring the outbox's bell after commit. Reasons: NOT_FOUND, WRONG_STATE, those of `sendAgain`. */
export async function retryMessage(
  tx: Transaction,
  request: MessageRequest & Pick<BatonRequest, 'baton' | 'seenSeq'>,
  now: Date,
): Promise<MessageSnapshot> {
  const locked = await lockMessage(tx, request)
  const { status } = locked.message
  if (status !== 'failed') {
    throw new Refusal('WRONG_STATE', 'Only a message that failed can be tried again.', { status })
  }
  return sendAgain(tx, locked, request, now)
}
