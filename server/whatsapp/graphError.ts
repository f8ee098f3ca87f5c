import type { MessageError } from './content.ts'

/**
 * Which refusals of the Graph API pass by themselves, and how long to wait before the first repetition, in seconds. Decided
 * on `code`, as Meta advises; the HTTP status misleads (rate limits are 400, lasting misconfigurations 500). Any other code
 * is final for the message. Source: Meta, "Error codes", as collected in the shared facts §3.1.
 */
const PASSING: Record<number, { firstWaitSeconds: number }> = {
  1: { firstWaitSeconds: 2 }, // unknown: bad request or a fault of theirs
  2: { firstWaitSeconds: 5 }, // temporary downtime
  4: { firstWaitSeconds: 30 }, // too many calls of the app
  80007: { firstWaitSeconds: 30 }, // too many calls for the account
  130429: { firstWaitSeconds: 2 }, // throughput of the number
  131000: { firstWaitSeconds: 2 }, // something went wrong
  131016: { firstWaitSeconds: 5 }, // service unavailable
  131056: { firstWaitSeconds: 4 }, // too many messages to this customer
  131057: { firstWaitSeconds: 30 }, // the number is being upgraded
  133004: { firstWaitSeconds: 10 }, // server temporarily unavailable
}

const MOST_ATTEMPTS = 8
const LONGEST_WAIT_SECONDS = 600

/**
 * When to try again after the `attempts`-th attempt was refused with this error: each wait is double the one before.
 * Null: the refusal is final.
 */
export function retryAt(error: MessageError, attempts: number, now: Date): Date | null {
  const passing = PASSING[error.code]
  if (passing === undefined || attempts >= MOST_ATTEMPTS) return null
  const waitSeconds = Math.min(passing.firstWaitSeconds * 2 ** (attempts - 1), LONGEST_WAIT_SECONDS)
  return new Date(now.getTime() + waitSeconds * 1000)
}
