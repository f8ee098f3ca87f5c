import type { Sql } from '../../db/client.ts'
import { together } from '../../db/together.ts'
import { sessionCookieName } from './cookie.ts'
import { OLD_TOKEN_MS } from './renewSession.ts'
import { IDLE_LIFE_MS, NOTE_USE_EVERY_MS, type Session } from './session.ts'
import { signedToken } from './sessionToken.ts'

type Row = {
  id: string
  token: string
  previousToken: string | null
  agentId: string
  expiresAt: Date
  updatedAt: Date
}

export type SessionLookup = (headers: Headers) => Promise<Session | null>

/**
 * Whose session the cookie is, for the moment when a thousand tabs come back at once: better-auth takes two queries and a millisecond
 * for each, this one query for all of them. It answers only the plain case, a good signature of a session that was used lately;
 * everything else, and every change to a session, is left to `careful`.
 */
export function sessionOfCookie(
  { sql, secret, publicUrl }: { sql: Sql; secret: string; publicUrl: string },
  careful: SessionLookup,
  now: () => Date = () => new Date(),
): SessionLookup {
  const name = sessionCookieName(publicUrl)
  const find = together(async (tokens: string[]) => {
    const renewedSince = new Date(now().getTime() - OLD_TOKEN_MS)
    const rows = await sql<Row[]>`
      select id, token, previous_token, agent_id, expires_at, updated_at from sessions
      where token = any(${tokens}::text[])
        or previous_token = any(${tokens}::text[]) and renewed_at > ${renewedSince.toISOString()}`
    const found = new Map(
      rows.flatMap((row) => [row.token, row.previousToken ?? ''].map((token) => [token, row])),
    )
    return tokens.map((token) => found.get(token) ?? null)
  })
  return async (headers) => {
    const token = signedToken(headers, name, secret)
    const row = token === null ? null : await find(token)
    if (row === null) return careful(headers)
    const at = now().getTime()
    const isPlain = row.expiresAt.getTime() > at && at - row.updatedAt.getTime() < NOTE_USE_EVERY_MS
    if (!isPlain) return careful(headers)
    const expiresAt = new Date(Math.min(row.expiresAt.getTime(), at + IDLE_LIFE_MS))
    return { sessionId: row.id, agentId: row.agentId, expiresAt }
  }
}
