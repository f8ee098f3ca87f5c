import type { Auth } from './auth.ts'

/** A session that nobody used for so long is over: a shift must not be cut, a night ends it. */
export const IDLE_LIFE_MS = 12 * 60 * 60 * 1000
/** Use is noted at most this often, so that reading stays reading. */
export const NOTE_USE_EVERY_MS = 5 * 60 * 1000

export type Session = {
  sessionId: string
  agentId: string
  /** When it ends if nobody uses it from now on. */
  expiresAt: Date
}

/**
 * Whose session the cookie in `headers` is; null when there is none or it is over. An idle one is deleted at first sight,
 * so that better-auth's own routes do not know it any more either.
 *
 * better-auth keeps the absolute end (`expires_at`, never moved); `updated_at` is the last use. Its own sliding expiry
 * would move the end for ever, and would shorten the cookie to the idle time.
 */
export async function sessionOf(auth: Auth, headers: Headers, now = new Date()): Promise<Session | null> {
  if (!headers.has('cookie')) return null
  const found = await auth.api.getSession({ headers, query: { disableRefresh: true } })
  if (!found) return null
  const { id, token, userId, expiresAt, updatedAt } = found.session
  const idleMs = now.getTime() - updatedAt.getTime()
  const { internalAdapter } = await auth.$context
  if (idleMs >= IDLE_LIFE_MS) {
    await internalAdapter.deleteSession(token)
    return null
  }
  if (idleMs >= NOTE_USE_EVERY_MS) await internalAdapter.updateSession(token, { updatedAt: now })
  const endsIdle = now.getTime() + IDLE_LIFE_MS
  return { sessionId: id, agentId: userId, expiresAt: new Date(Math.min(expiresAt.getTime(), endsIdle)) }
}
