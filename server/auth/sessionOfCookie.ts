import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Sql } from '../../db/client.ts'
import { together } from '../../db/together.ts'
import { sessionCookieName } from './cookie.ts'
import { IDLE_LIFE_MS, NOTE_USE_EVERY_MS, type Session } from './session.ts'

type Row = { id: string; token: string; agentId: string; expiresAt: Date; updatedAt: Date }

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
    const rows = await sql<Row[]>`
      select id, token, agent_id, expires_at, updated_at from sessions where token = any(${tokens}::text[])`
    const found = new Map(rows.map((row) => [row.token, row]))
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

/** The token of the cookie when better-auth has signed it: `token.signature`, with an HMAC-SHA256 in base64. */
function signedToken(headers: Headers, name: string, secret: string): string | null {
  const cookies = (headers.get('cookie') ?? '').split(';').map((part) => part.trim())
  const own = cookies.filter((part) => part.startsWith(`${name}=`))
  if (own.length !== 1) return null
  const value = decoded((own[0] ?? '').slice(name.length + 1))
  const dot = value.lastIndexOf('.')
  if (dot < 1) return null
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const right = createHmac('sha256', secret).update(token).digest()
  return given.length === right.length && timingSafeEqual(given, right) ? token : null
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}
