import type { MessageError } from '../../../../server/whatsapp/content.ts'
import { FAILURES, type Failure } from './failureTable.ts'

const UNKNOWN = 'WhatsApp could not deliver this message.'

/**
 * What a failure means: what happened, whose turn it is, what to do, and what is offered for it. Of a message that is `queued`
 * the error only says why it was put off; one that has `failed` was put off as often as it makes sense.
 */
export function failureOf(error: MessageError | null, status: 'failed' | 'queued' = 'failed'): Failure {
  const row = rowOf(error)
  if (status === 'queued') return { ...row, ...WAITING }
  return row.action === 'retry_at' ? { ...row, ...GIVEN_UP } : row
}

const WAITING = { turn: 'nobody', advice: 'Baton tries again by itself.', action: 'retry_at' } as const
const GIVEN_UP = {
  turn: 'agent',
  advice: 'Baton tried several times. Try again later.',
  action: 'retry',
} as const

/** Errors of our own, by the codes of `server/whatsapp/messageError.ts`. */
const OURS: Record<number, Failure> = {
  [-2]: {
    happened: 'The channel’s access token cannot be decrypted.',
    turn: 'administrator',
    advice: 'An administrator has to paste the token again, or Baton has to run with the key of before.',
    action: 'open_settings',
  },
  [-3]: {
    happened: 'This number was removed from Baton.',
    turn: 'administrator',
    advice: 'An administrator can connect it again.',
    action: 'open_settings',
  },
}

function rowOf(error: MessageError | null): Failure {
  const known: Record<number, Failure> = { ...FAILURES, ...OURS }
  const code = error && error.code > 200 && error.code <= 299 ? 200 : error?.code
  const row = code === undefined ? undefined : known[code]
  if (row) return row
  const happened = error ? sentence(error.details ?? error.title) : UNKNOWN
  return { happened, turn: 'agent', advice: 'Try again, or change it.', action: 'retry' }
}

/** The failure in plain words, with WhatsApp's code in brackets at its end for support. */
export function failureInWords(error: MessageError | null): string {
  const { happened, advice } = failureOf(error)
  const isKnown = error !== null && (error.code in FAILURES || error.code in OURS)
  const words = isKnown && advice ? `${happened} ${advice}` : happened
  // An error that is not WhatsApp's has no code that anybody could look up.
  return error === null || error.code < 0 ? words : `${words} (${error.code})`
}

/** Whom an agent asks to put a channel right, by the names of the administrators. */
export function whomToAsk([first, second, third]: readonly string[]): string {
  if (first === undefined) return 'Ask an administrator.'
  if (second === undefined) return `Ask ${first}.`
  if (third === undefined) return `Ask ${first} or ${second}.`
  return `Ask ${first}, ${second} or another administrator.`
}

function sentence(text: string): string {
  const trimmed = text.trim()
  if (trimmed === '') return UNKNOWN
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
