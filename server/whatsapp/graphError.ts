/**
 * What each error of the Graph API means for what is waiting to be sent. Decided on `code`, as Meta advises; the HTTP
 * status misleads (rate limits are 400, lasting misconfigurations 500). Source: Meta, "Error codes".
 *
 *     final    this message will not go; what to do about it is in the web's words for the code
 *     passing  it passes by itself: who waits, how long at first, times what at each repetition, how often before giving up
 *     stop     nothing goes out on this channel before somebody has put it right; what is queued stays queued
 */
export type Treatment =
  | { kind: 'final' }
  | {
      kind: 'passing'
      /** `account`: all numbers of the business account; `app`: all numbers that this app sends for. */
      who: 'message' | 'recipient' | 'number' | 'account' | 'app'
      firstSeconds: number
      factor: number
      longestSeconds: number
      attempts: number
    }
  /** A channel starts again when its token is another one, or when an administrator says so. */
  | { kind: 'stop'; until: 'new_token' | 'administrator' }

export type Passing = Extract<Treatment, { kind: 'passing' }>

const FINAL: Treatment = { kind: 'final' }
const stop = (until: 'new_token' | 'administrator'): Treatment => ({ kind: 'stop', until })
const passing = (
  who: Passing['who'],
  firstSeconds: number,
  longestSeconds: number,
  attempts: number,
  factor = 2,
): Treatment => ({ kind: 'passing', who, firstSeconds, longestSeconds, attempts, factor })

export const TREATMENTS = {
  0: stop('new_token'), // the token is not valid or has expired
  1: passing('message', 2, 60, 5), // a bad request or a fault of theirs
  2: passing('message', 5, 300, 20), // temporary downtime
  3: FINAL, // a capability or permission is missing
  4: passing('app', 30, 600, 50), // too many calls of the app
  10: FINAL, // permission denied
  33: stop('administrator'), // the number was deleted
  100: FINAL, // invalid parameter
  190: stop('new_token'), // the token has expired
  200: FINAL, // 200 to 299: permission
  368: stop('administrator'), // blocked for its policies
  80007: passing('account', 30, 600, 50), // too many calls for the account
  130429: passing('number', 1, 60, 50), // throughput of the number
  130472: FINAL, // the customer is part of an experiment
  130497: FINAL, // this business may not write to this country
  131000: passing('message', 2, 60, 5), // something went wrong
  131005: FINAL, // access denied
  131008: FINAL, // a parameter is missing
  131009: FINAL, // the value of a parameter is not valid
  131016: passing('message', 2, 300, 20), // service unavailable
  131021: FINAL, // recipient and sender are the same
  131026: FINAL, // undeliverable
  131030: FINAL, // a test number, and the recipient is not on its list
  131031: stop('administrator'), // the account is locked
  131037: FINAL, // the display name is not approved
  131042: stop('administrator'), // a payment problem
  131045: stop('administrator'), // the number's registration is broken
  131047: FINAL, // the window is closed
  131048: passing('number', 900, 14_400, 20), // slowed down because customers complained
  131049: FINAL, // marketing cap of this customer
  131050: FINAL, // the customer wants no marketing
  131051: FINAL, // unsupported type
  131052: FINAL, // a file could not be downloaded
  131053: FINAL, // a file could not be uploaded
  131055: FINAL, // method not allowed
  131056: passing('recipient', 1, 1024, 8, 4), // too many to this customer: 4^X seconds
  131057: passing('number', 15, 60, 20), // the number is being upgraded
  131060: FINAL, // the message is not available
  131062: FINAL, // needs a phone number
  131063: FINAL, // marketing templates are off
  131064: FINAL, // templates are limited because their category was wrong
  132000: FINAL, // number of the template's parameters
  132001: FINAL, // no such template in this language
  132005: FINAL, // the filled text is too long
  132007: FINAL, // content against the policy
  132008: FINAL, // value of a template's parameter
  132012: FINAL, // format of a template's parameter
  132015: FINAL, // the template is paused
  132016: FINAL, // the template is disabled
  132068: FINAL, // the flow is blocked
  132069: FINAL, // the flow is throttled
  133000: FINAL, // deregistration was not completed
  133004: passing('message', 5, 300, 20), // server temporarily unavailable
  133005: FINAL, // wrong PIN
  133006: FINAL, // the number has to be verified again
  133008: FINAL, // too many guesses of the PIN
  133009: FINAL, // PIN guessed too fast
  133010: stop('administrator'), // the number is not registered
  133015: FINAL, // deleted a moment ago
  133016: FINAL, // registered too often
  134011: FINAL, // terms of payments
  134100: FINAL, // marketing messages API
  134101: FINAL,
  134102: FINAL,
  135000: FINAL, // the request's parameters
  137000: FINAL, // the customer's identity has changed
  139000: FINAL, // flows
  139001: FINAL,
  139002: FINAL,
  139003: FINAL,
  139004: FINAL,
} as const satisfies Record<number, Treatment>

/** Every code that has a row. */
export type GraphCode = keyof typeof TREATMENTS

/** What to do about an error with this code; one without a row is final. */
export function treatmentOf(code: number): Treatment {
  const row = code > 200 && code <= 299 ? 200 : code
  const known: Record<number, Treatment> = TREATMENTS
  return known[row] ?? FINAL
}

/** How long the `retries`-th repetition waits, counted from 0; null: it was repeated often enough. */
export function waitMs(
  { firstSeconds, factor, longestSeconds, attempts }: Passing,
  retries: number,
): number | null {
  if (retries + 1 >= attempts) return null
  return Math.min(firstSeconds * factor ** retries, longestSeconds) * 1000
}
