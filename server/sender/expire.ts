import type { Transaction } from '../../db/client.ts'
import { isSabotaged } from '../failPoint.ts'
import { type Outcome, type Settlement, settle } from './settle.ts'

/**
 * How long a claim holds. A request takes 20 s at most; a sender that has not settled after this long is dead, and what it
 * had in hand may have reached the customer or not.
 */
export const LEASE_MS = 60_000

/** Turns claims whose sender died into `unknown`; returns the workspaces concerned. */
export async function expireClaims(tx: Transaction, now: Date): Promise<string[]> {
  const before = new Date(now.getTime() - LEASE_MS).toISOString()
  const rows = await tx<Settlement['claimed'][]>`
    select attempt_id, message_id, channel_id, conversation_id, workspace_id from outbox
    where state = 'sending' and claimed_at < ${before} and attempt_id is not null
    limit 500`
  const outcome: Outcome = isSabotaged('resend-expired') ? { unsentUntil: now } : { unknown: true }
  await settle(
    tx,
    rows.map((claimed) => ({ claimed, outcome })),
    now,
  )
  return [...new Set(rows.map((row) => row.workspaceId))]
}
