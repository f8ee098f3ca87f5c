import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { AT_AN_OPEN_BROWSER, type SignInTries } from '../signInTries.ts'

/** What asks for the password of somebody who is signed in. */
const PATHS = new Set([
  '/two-factor/enable',
  '/two-factor/off',
  '/two-factor/generate-backup-codes',
  '/passkey/add/begin',
])
const matcher = ({ path }: { path?: string }) => PATHS.has(path ?? '')

/**
 * Whoever found an open browser could guess at the password there without the limits of sign-in. Counted for the agent, with the tries
 * at changing the password, whatever address they come from; it never keeps the agent from signing in elsewhere.
 */
export function limitPasswordTries(tries: SignInTries) {
  return {
    before: {
      matcher,
      handler: createAuthMiddleware(async (request) => {
        const session = await getSessionFromCtx(request)
        if (session === null) return
        const over = await tries.take(session.user.id, AT_AN_OPEN_BROWSER)
        if (over === null) return
        throw new APIError(
          'TOO_MANY_REQUESTS',
          { code: 'TOO_MANY_TRIES', message: `Too many tries. Please try again in ${over.retryAfterS} s.` },
          { 'Retry-After': String(over.retryAfterS) },
        )
      }),
    },
    after: {
      matcher,
      handler: createAuthMiddleware(async (request) => {
        if (request.context.returned instanceof APIError) return
        const session = await getSessionFromCtx(request)
        if (session !== null) await tries.succeeded(session.user.id, AT_AN_OPEN_BROWSER)
      }),
    },
  }
}
