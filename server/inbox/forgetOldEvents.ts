import type { Queryable } from '../../db/client.ts'

/** Who was away for longer loads everything anew (`cursor_too_old`). */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000

/**
 * Removes those among the `limit` oldest events of each log that are too old. They hold what was said: tabs follow the log, and nobody
 * reads it later. The newest one of each workspace stays, whatever its age, for it tells where the log stands. Answers with how many went.
 */
export async function forgetOldEvents(sql: Queryable, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS).toISOString()
  const removed = await sql`
    delete from events e using (
      select old.workspace_id, old.seq from event_counters c cross join lateral (
        select o.workspace_id, o.seq from events o
        where o.workspace_id = c.workspace_id and o.seq < c.last_seq order by o.seq limit ${limit}
      ) old
    ) oldest
    where e.workspace_id = oldest.workspace_id and e.seq = oldest.seq and e.created_at < ${before}`
  return removed.count
}
