import type { Queryable, Sql } from '../../db/client.ts'
import { renewSession, renewWhereDue } from './renewSession.ts'
import { sessionCookie } from './sessionToken.ts'

/** Renews the tokens of sessions. What it gives is the cookie to send; null: there is nothing to send. */
export type SessionTokens = {
  /** At once, as after a change of the password. */
  renew(tx: Queryable, sessionId: string): Promise<string | null>
  /** Where the role has changed since the token was given out. */
  renewWhereDue(sessionId: string): Promise<string | null>
}

/** Sessions keep their id with a new token, so what is open with them stays open. */
export function createSessionTokens(
  sql: Sql,
  place: { publicUrl: string; secret: string },
  now: () => Date,
): SessionTokens {
  const asCookie = (renewed: Awaited<ReturnType<typeof renewSession>>, at: Date) =>
    renewed && sessionCookie(place, renewed, at)
  return {
    async renew(tx, sessionId) {
      const at = now()
      return asCookie(await renewSession(tx, sessionId, at), at)
    },
    async renewWhereDue(sessionId) {
      const at = now()
      return asCookie(await renewWhereDue(sql, sessionId, at), at)
    },
  }
}
