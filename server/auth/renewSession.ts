import type { Queryable } from '../../db/client.ts'
import { makeSessionToken } from './sessionToken.ts'

/** So long a token that was replaced is still taken: for requests that left before the new one came. */
export const OLD_TOKEN_MS = 30_000

export type RenewedSession = { token: string; expiresAt: Date }

/** Gives a session another token, whether or not it is due. Null: there is no such session. */
export async function renewSession(
  sql: Queryable,
  sessionId: string,
  now: Date,
): Promise<RenewedSession | null> {
  const [renewed] = await sql<RenewedSession[]>`
    update sessions set previous_token = token, token = ${makeSessionToken()}, renewed_at = ${now.toISOString()},
      updated_at = ${now.toISOString()}, expires_at = coalesce(renews_to, expires_at), renews_to = null
    where id = ${sessionId}
    returning token, expires_at`
  return renewed ?? null
}

/**
 * The new token of a session that has to be renewed, once; for some seconds also for other tabs that come with the old one, and for
 * whom the answer was lost on its way. Null: nothing is due.
 */
export async function renewWhereDue(
  sql: Queryable,
  sessionId: string,
  now: Date,
): Promise<RenewedSession | null> {
  const [session] = await sql<(RenewedSession & { isDue: boolean })[]>`
    select token, expires_at, renews_to is not null as is_due from sessions
    where id = ${sessionId} and expires_at > ${now.toISOString()}
      and (renews_to is not null or renewed_at > ${new Date(now.getTime() - OLD_TOKEN_MS).toISOString()})`
  if (!session) return null
  if (!session.isDue) return session
  const [renewed] = await sql<RenewedSession[]>`
    update sessions set previous_token = token, token = ${makeSessionToken()}, renewed_at = ${now.toISOString()},
      updated_at = ${now.toISOString()}, expires_at = renews_to, renews_to = null
    where id = ${sessionId} and renews_to is not null
    returning token, expires_at`
  // Another tab was quicker: its token is this one's.
  return renewed ?? renewWhereDue(sql, sessionId, now)
}
