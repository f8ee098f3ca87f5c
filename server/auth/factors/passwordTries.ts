import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { createAttemptLimit } from '../attemptLimit.ts'

/** What asks for the password of somebody who is signed in. */
const PATHS = new Set([
  '/two-factor/enable',
  '/two-factor/off',
  '/two-factor/generate-backup-codes',
  '/passkey/add/begin',
])
const TRIES = { max: 10, window: 15 * 60 }

/**
 * Whoever found an open browser could guess at the password there without the limits of sign-in. Counted for the agent, whatever
 * address it comes from; it never keeps the agent from signing in elsewhere.
 */
export function limitPasswordTries() {
  const limit = createAttemptLimit()
  return {
    matcher: ({ path }: { path?: string }) => PATHS.has(path ?? ''),
    handler: createAuthMiddleware(async (request) => {
      const session = await getSessionFromCtx(request)
      if (session === null) return
      const { allowed, retryAfter } = await limit.consume(session.user.id, TRIES)
      if (allowed) return
      const headers = { 'Retry-After': String(retryAfter) }
      throw new APIError(
        'TOO_MANY_REQUESTS',
        { code: 'TOO_MANY_TRIES', message: `Too many tries. Please try again in ${retryAfter} s.` },
        headers,
      )
    }),
  }
}
