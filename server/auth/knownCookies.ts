import type { Session } from './session.ts'

/** How long a cookie is taken for the same session without better-auth being asked: signature and two queries. */
const REMEMBERED_MS = 30_000
const MOST_REMEMBERED = 10_000

/**
 * Remembers which session a cookie names. That never changes, so remembering it is safe; whether the session still holds
 * does change, and whoever uses the id asks the database each time (`agentOfSession`). Cookies that name none are not kept.
 */
export function rememberCookies(
  sessionOf: (headers: Headers) => Promise<Session | null>,
  nowMs: () => number = () => performance.now(),
): (headers: Headers) => Promise<string | null> {
  const known = new Map<string, { sessionId: string; untilMs: number }>()
  return async (headers) => {
    const cookie = headers.get('cookie')
    if (cookie === null) return null
    const remembered = known.get(cookie)
    if (remembered && remembered.untilMs > nowMs()) return remembered.sessionId
    known.delete(cookie)
    const session = await sessionOf(headers)
    if (session === null) return null
    if (known.size >= MOST_REMEMBERED) known.delete(known.keys().next().value ?? '')
    known.set(cookie, { sessionId: session.sessionId, untilMs: nowMs() + REMEMBERED_MS })
    return session.sessionId
  }
}
