import { and, gt, inArray, type SQL } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { sessions } from '../../db/schema/index.ts'
import { IDLE_LIFE_MS } from './session.ts'

/**
 * Which of these sessions still hold, in one query. For open sockets: they passed the door once, and must not outlive the
 * session that let them in. An open socket is not use: nobody may be sitting there.
 */
export async function liveSessions(
  db: Database,
  sessionIds: string[],
  now = new Date(),
): Promise<Set<string>> {
  if (sessionIds.length === 0) return new Set()
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(inArray(sessions.id, sessionIds), holds(now)))
  return new Set(rows.map((row) => row.id))
}

/** The same rule as `sessionOf`: before its absolute end, and used within the idle time. */
function holds(now: Date): SQL | undefined {
  return and(gt(sessions.expiresAt, now), gt(sessions.updatedAt, new Date(now.getTime() - IDLE_LIFE_MS)))
}
