import type { AuthRefusal } from '../api/askAuth.ts'

/** What the sign-in refused, in words: what happened, and what to do. */
export function authInWords({ status, code, retryAfterS }: AuthRefusal): string {
  if (status === null) return 'The server cannot be reached. Check your connection, then try again.'
  const known = WORDS.find(([its]) => its === code)?.[1]
  if (known) return known
  if (status === 429) return tooMany(retryAfterS)
  if (status === 401) return 'You are not signed in any more. Sign in again.'
  if (status >= 500) return 'The server has a problem right now. Try again in a moment.'
  return 'That did not work. Check what you entered, then try again.'
}

/** By the code that better-auth gives, or Baton where the rule is ours. */
const WORDS: readonly (readonly [string, string])[] = [
  ['DEACTIVATED', 'This account cannot sign in here any more. Ask an administrator of your inbox.'],
  ['DEMO_IS_OFF', 'This is an account of the demo, which is switched off here.'],
  [
    'INVALID_EMAIL_OR_PASSWORD',
    'This email and password do not belong together. Check both, then try again.',
  ],
  ['INVALID_PASSWORD', 'This is not your password. Try again.'],
  ['INVALID_CODE', 'This code is not right, or it was used already. Enter the one that your app shows next.'],
  ['INVALID_BACKUP_CODE', 'This recovery code is not right, or it was used already. Each one works once.'],
  [
    'INVALID_TWO_FACTOR_COOKIE',
    'Too much time has passed, or there were too many tries. Enter your password again.',
  ],
  ['TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE', 'There were too many wrong codes. Enter your password again.'],
  [
    'ACCOUNT_TEMPORARILY_LOCKED',
    'There were too many wrong codes in a row. No code is taken for a quarter of an hour; a passkey still works.',
  ],
  [
    'FACTOR_UNREADABLE',
    'Your second factor cannot be read here any more. Use a passkey, or ask an administrator to remove the second factor.',
  ],
  ['PASSKEY_NOT_GOOD', 'This passkey is not known here, or your browser could not show that it is yours.'],
  ['PASSKEY_NOT_KEPT', 'This passkey is kept already, or you have twenty. Remove one first.'],
  ['PASSKEY_NOT_THERE', 'This passkey was removed already.'],
  ['NOTHING_TO_CONFIRM', 'Switching on was begun anew elsewhere. Close this and begin again.'],
  ['DEACTIVATED', 'You do not work here any more. Ask an administrator if that is a mistake.'],
  [
    'TOTP_ALREADY_ENABLED',
    'The second factor is switched on already. Switch it off first to move it to another app.',
  ],
]

function tooMany(seconds: number | null): string {
  if (seconds === null) return 'Too many tries. Wait a minute, then try again.'
  if (seconds > 90) return `Too many tries. Try again in ${Math.ceil(seconds / 60)} minutes.`
  return seconds === 1
    ? 'Too many tries. Try again in 1 second.'
    : `Too many tries. Try again in ${seconds} seconds.`
}
