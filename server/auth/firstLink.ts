import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Queryable, Sql } from '../../db/client.ts'
import { isUnfounded } from '../inbox/foundInbox.ts'

/** The link by which the first owner comes in. */
export type FirstLink = {
  /** Its token, the same at every start and in every process; null: somebody works here already. */
  token(): Promise<string | null>
  /** Whether a token is it. */
  isRight(token: string): Promise<boolean>
}

/**
 * Derived from the session secret and a row that goes with its use: so it outlives restarts, several processes print the same one, and the
 * database alone does not open the inbox. As soon as somebody works here there is none.
 */
export function createFirstLink(sql: Sql, secret: string): FirstLink {
  const tokenOf = (id: string) => createHmac('sha256', secret).update(`first owner ${id}`).digest('base64url')
  const token = () =>
    sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtextextended('the first owner', 0))`
      return (await isUnfounded(tx)) ? tokenOf(await rowOf(tx)) : null
    })
  return {
    token,
    async isRight(given) {
      const right = await token()
      if (right === null) return false
      const [a, b] = [Buffer.from(given), Buffer.from(right)]
      return a.length === b.length && timingSafeEqual(a, b)
    },
  }
}

async function rowOf(sql: Queryable): Promise<string> {
  const [row] = await sql<{ id: string }[]>`select id from first_links order by created_at limit 1`
  if (row) return row.id
  const id = Bun.randomUUIDv7()
  await sql`insert into first_links (id) values (${id})`
  return id
}
