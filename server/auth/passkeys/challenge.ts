import { randomBytes } from 'node:crypto'
import type { GenericEndpointContext } from 'better-auth'

type Request = Pick<GenericEndpointContext, 'context' | 'getSignedCookie' | 'setSignedCookie'>
/** For what a challenge was given out. */
export type Purpose = 'add' | 'sign-in'

const RANDOM_BYTES = 32
const LIFE_S = 5 * 60
const COOKIE = 'passkey'

/** A challenge for a key to answer, once, within five minutes and in this browser. `value` comes back with it. */
export async function giveChallenge(request: Request, purpose: Purpose, value: string): Promise<string> {
  const challenge = randomBytes(RANDOM_BYTES).toString('base64url')
  const expiresAt = new Date(Date.now() + LIFE_S * 1000)
  await request.context.internalAdapter.createVerificationValue({
    identifier: named(purpose, challenge),
    value,
    expiresAt,
  })
  const cookie = request.context.createAuthCookie(COOKIE, { maxAge: LIFE_S })
  await request.setSignedCookie(cookie.name, challenge, request.context.secret, cookie.attributes)
  return challenge
}

/** What a challenge was given out with; null: it is not one of this browser, was answered already, or too much time has passed. */
export async function takeChallenge(
  request: Request,
  purpose: Purpose,
  challenge: string,
): Promise<string | null> {
  const cookie = request.context.createAuthCookie(COOKIE)
  const given = await request.getSignedCookie(cookie.name, request.context.secret)
  if (given !== challenge) return null
  const taken = await request.context.internalAdapter.consumeVerificationValue(named(purpose, challenge))
  return taken?.value ?? null
}

const named = (purpose: Purpose, challenge: string) => `passkey-${purpose}-${challenge}`
