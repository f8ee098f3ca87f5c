import type { Transaction } from '../../db/client.ts'
import { applyWaitingStatuses } from '../inbox/applyStatuses.ts'
import { type Climb, climbAttempts } from '../inbox/climbAttempts.ts'
import { commitWithEvents } from '../inbox/commitWithEvents.ts'
import { keepOptOuts, wordsOfRefusals } from '../inbox/keepOptOuts.ts'
import { lockConversations } from '../inbox/lockConversations.ts'
import { lockWamids } from '../inbox/matchAttempts.ts'
import { type Stop, stopChannels } from '../inbox/stopChannels.ts'
import type { MessageError } from '../whatsapp/content.ts'
import type { Claimed } from './claim.ts'
import { type PutBack, putBack } from './putBack.ts'

/** What is to be written down about a claimed message. */
export type Outcome =
  | { sent: string }
  | { failed: MessageError }
  /** WhatsApp put it off. */
  | { retryAt: Date; error: MessageError }
  /** It never left this machine: the attempt is taken back. */
  | { unsentUntil: Date }
  /** Nothing goes out on its channel; it stays in line. `tokenDigest`: of the token that was refused. */
  | { stopped: MessageError; tokenDigest: string | null }
  | { unknown: true }

export type Settlement = {
  claimed: Pick<Claimed, 'attemptId' | 'messageId' | 'channelId' | 'conversationId' | 'workspaceId'>
  outcome: Outcome
}

/**
 * Writes down what came of claimed messages, in one transaction for all of them. Harmless when a status of WhatsApp was
 * faster: an attempt never goes down the ladder.
 */
export async function settle(tx: Transaction, settlements: readonly Settlement[], now: Date): Promise<void> {
  const accepted = settlements.flatMap(({ claimed, outcome }) =>
    'sent' in outcome ? [{ ...pick(claimed), wamid: outcome.sent }] : [],
  )
  await lockWamids(tx, accepted)
  await lockConversations(tx, [...new Set(settlements.map(({ claimed }) => claimed.conversationId))])
  const putOff = await putBack(
    tx,
    settlements.flatMap((one) => backOf(one, now)),
    now,
  )
  const climbed = await climbAttempts(tx, settlements.flatMap(climbOf), now)
  const caughtUp = await applyWaitingStatuses(tx, accepted, now)
  const stopped = await stopChannels(tx, settlements.flatMap(stopOf), now)
  const optOuts = await keepOptOuts(
    tx,
    await wordsOfRefusals(
      tx,
      settlements.flatMap((one) => refusalOf(one, now)),
    ),
  )
  commitWithEvents(tx, [...putOff, ...optOuts, ...climbed, ...caughtUp, ...stopped])
}

/** What WhatsApp refused at once because the customer wants no marketing is kept of the contact. */
function refusalOf({ claimed: { messageId }, outcome }: Settlement, now: Date) {
  return 'failed' in outcome ? [{ messageId, saidAt: now, error: outcome.failed }] : []
}

const pick = ({ attemptId, messageId, channelId }: Settlement['claimed']) => ({
  attemptId,
  messageId,
  channelId,
})

function climbOf({ claimed: { attemptId }, outcome }: Settlement): Climb[] {
  if ('sent' in outcome) return [{ attemptId, status: 'sent', wamid: outcome.sent, error: null }]
  if ('failed' in outcome) return [{ attemptId, status: 'failed', wamid: null, error: outcome.failed }]
  if ('unknown' in outcome) return [{ attemptId, status: 'unknown', wamid: null, error: null }]
  return []
}

function backOf({ claimed: { attemptId, messageId }, outcome }: Settlement, now: Date): PutBack[] {
  const ids = { attemptId, messageId }
  if ('retryAt' in outcome) return [{ ...ids, why: 'put_off', dueAt: outcome.retryAt, error: outcome.error }]
  if ('stopped' in outcome) return [{ ...ids, why: 'stopped', dueAt: now, error: outcome.stopped }]
  if ('unsentUntil' in outcome) return [{ ...ids, why: 'unsent', dueAt: outcome.unsentUntil, error: null }]
  return []
}

function stopOf({ claimed: { channelId }, outcome }: Settlement): Stop[] {
  if (!('stopped' in outcome)) return []
  return [{ channelId, error: outcome.stopped, tokenDigest: outcome.tokenDigest }]
}
