import type { Queryable } from '../../db/client.ts'

/** Somebody may want to see how it ended; but each holds what a customer said. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000

/** Removes dead letters that were replayed or discarded a while ago. Answers with how many. */
export async function forgetSettledLetters(sql: Queryable, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS).toISOString()
  return (await sql`delete from dead_letters where resolved_at < ${before}`).count
}
