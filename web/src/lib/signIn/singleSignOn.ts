import { askAuth, textOf } from '../api/askAuth.ts'
import { returnPath } from '../api/session.ts'
import { authInWords } from './authInWords.ts'

/** Leaves for the company's own sign-in, which leads back. Answers with the trouble, in words; it never answers when all is well. */
export async function toProvider(): Promise<string> {
  const answer = await askAuth('/sign-in/social', {
    provider: 'oidc',
    callbackURL: returnPath(new URL(location.href)),
    errorCallbackURL: '/sign-in',
  })
  if (!answer.isDone) return authInWords(answer)
  const url = textOf(answer.body, 'url')
  if (url === null) return NOT_THERE
  location.assign(url)
  return new Promise(() => {})
}

/** Why the company's own sign-in did not let somebody in, by what it, or the server, said in the address; null: it said nothing. */
export function refusedBack(code: string | null): string | null {
  if (code === null) return null
  return REFUSED.find(([its]) => its.includes(code))?.[1] ?? NOT_DONE
}

const NOT_THERE = 'Your company’s sign-in cannot be reached. Try again in a moment, or use your password.'
const NOT_DONE = 'Signing in through your company did not work. Try again, or use your password.'

const REFUSED: readonly (readonly [readonly string[], string])[] = [
  [['signup_disabled'], 'Nobody works here with that email address. Ask an administrator to invite you.'],
  [
    ['email_not_verified', 'account_not_linked', 'email_not_found'],
    'Your company’s sign-in does not vouch for your email address. Ask whoever runs it to confirm the address.',
  ],
  [
    ['DEACTIVATED', 'deactivated'],
    'You do not work here any more. Ask an administrator if that is a mistake.',
  ],
  [['access_denied'], 'Signing in was called off.'],
  [
    ['state_mismatch', 'state_not_found'],
    'Signing in took too long, or was begun in another browser. Try again.',
  ],
]
