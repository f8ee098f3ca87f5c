import type { Sql } from '../../db/client.ts'
import type { MessageError } from '../whatsapp/content.ts'
import type { GraphOutcome } from '../whatsapp/graph.ts'
import { type Passing, treatmentOf, waitMs } from '../whatsapp/graphError.ts'
import type { Claimed } from './claim.ts'
import type { Closing, Limits } from './limits.ts'
import type { Outcome } from './settle.ts'

export type DecideParts = {
  sql: Sql
  limits: Limits
  /** Of the token that the requests carry. */
  tokenDigest: string
  now(): Date
}

/** WhatsApp can not be reached from here: nothing of any number would get through. */
const UNREACHED: Closing = { firstMs: 1000, factor: 2, longestMs: 10_000 }

/**
 * What to write down about an attempt: sent, final, again later, in doubt, or that its channel has stopped. Where more than
 * this message has to wait, its numbers are closed for all senders first. The table is `server/whatsapp/graphError.ts`.
 */
export async function decide(outcome: GraphOutcome, claimed: Claimed, parts: DecideParts): Promise<Outcome> {
  if ('sent' in outcome) return { sent: outcome.sent }
  if ('unknown' in outcome) return { unknown: true }
  if ('unreached' in outcome) {
    return { unsentUntil: await parts.limits.close(await numbersOf('app', claimed, parts.sql), UNREACHED) }
  }
  const error = outcome.refused
  const treatment = treatmentOf(error.code)
  if (treatment.kind === 'final') return { failed: error }
  if (treatment.kind === 'stop') {
    return { stopped: error, tokenDigest: treatment.until === 'new_token' ? parts.tokenDigest : null }
  }
  return putOff(error, treatment, claimed, parts)
}

async function putOff(
  error: MessageError,
  passing: Passing,
  claimed: Claimed,
  { sql, limits, now }: DecideParts,
): Promise<Outcome> {
  const wait = waitMs(passing, claimed.retries)
  if (wait === null) return { failed: error }
  // Whoever waits for a recipient or for a message is the head of its line, so nothing else has to be told.
  if (passing.who === 'message' || passing.who === 'recipient') {
    return { retryAt: new Date(now().getTime() + wait), error }
  }
  const { firstSeconds, factor, longestSeconds } = passing
  const closing = { firstMs: firstSeconds * 1000, factor, longestMs: longestSeconds * 1000 }
  return { retryAt: await limits.close(await numbersOf(passing.who, claimed, sql), closing), error }
}

/** The numbers that have to wait with this message; with the database away, its own. */
async function numbersOf(
  who: 'number' | 'account' | 'app',
  { phoneNumberId, channelId }: Claimed,
  sql: Sql,
): Promise<string[]> {
  if (who === 'number') return [phoneNumberId]
  try {
    const rows = await sql<{ phoneNumberId: string }[]>`
      select phone_number_id from channels
      where ${who === 'app'} or business_account_id = (select business_account_id from channels where id = ${channelId})`
    return rows.map((row) => row.phoneNumberId)
  } catch {
    return [phoneNumberId]
  }
}
