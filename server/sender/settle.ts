import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { applyWaitingStatuses } from '../inbox/applyStatuses.ts'
import { type Climb, climbAttempts } from '../inbox/climbAttempts.ts'
import { commitWithEvents } from '../inbox/commitWithEvents.ts'
import { lockConversations } from '../inbox/lockConversations.ts'
import { lockWamids } from '../inbox/matchAttempts.ts'
import type { MessageError } from '../whatsapp/content.ts'
import type { Claimed } from './claim.ts'

/** What is to be written down about a claimed message. */
export type Outcome =
  | { sent: string }
  | { failed: MessageError }
  /** `error` null: the request never left, so the attempt does not count as one that WhatsApp saw. */
  | { retryAt: Date; error: MessageError | null }
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
  await putBack(tx, settlements)
  const climbed = await climbAttempts(tx, settlements.flatMap(climbOf), now)
  const caughtUp = await applyWaitingStatuses(tx, accepted, now)
  commitWithEvents(tx, [...climbed, ...caughtUp])
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

/** Back to the head of the line, for later. The attempt ends as failed; the next one gets an id of its own. */
async function putBack(tx: Transaction, settlements: readonly Settlement[]): Promise<void> {
  const rows = settlements.flatMap(({ claimed, outcome }) =>
    'retryAt' in outcome
      ? [{ attemptId: claimed.attemptId, dueAt: outcome.retryAt, error: outcome.error }]
      : [],
  )
  if (rows.length === 0) return
  await tx`
    with back as (
      update outbox o set state = 'queued', due_at = r."dueAt", attempt_id = null, claimed_at = null
      from ${unnest(tx, rows, { attemptId: 'uuid', dueAt: 'timestamptz', error: 'json' })}
      where o.attempt_id = r."attemptId" and o.state = 'sending'
      returning o.message_id, r."attemptId" as attempt_id, r.error
    ), ended as (
      update message_attempts a set status = 'failed', status_rank = 4, error = back.error
      from back where a.id = back.attempt_id
    )
    update messages m set status = 'queued' from back where m.id = back.message_id`
}
