import { createHmac } from 'node:crypto'
import type { Queryable, Sql } from '../../db/client.ts'
import { isUnfounded } from '../inbox/foundInbox.ts'
import { hashOfLink } from './linkToken.ts'

/** The link by which the first owner comes in. */
export type FirstLink = {
  /** Its token, the same at every start and in every process; null: somebody works here already. */
  token(): Promise<string | null>
  /** Whether a token is it, and nobody works here yet. */
  isRight(token: string): Promise<boolean>
}

/**
 * Derived from the session secret and a row that goes with its use: so it outlives restarts, several processes print the same one, and the
 * database alone does not open the inbox. Another secret gives another link, and the one before opens nothing. As soon as somebody works here there
 * is none.
 */
export function createFirstLink(sql: Sql, secret: string): FirstLink {
  const tokenOf = (id: string) => createHmac('sha256', secret).update(`first owner ${id}`).digest('base64url')
  return {
    token: () =>
      sql.begin(async (tx) => {
        await tx`select pg_advisory_xact_lock(hashtextextended('the first owner', 0))`
        if (!(await isUnfounded(tx))) return null
        const [known] = await tx<{ id: string }[]>`select id from first_links limit 1`
        const id = known?.id ?? Bun.randomUUIDv7()
        const token = tokenOf(id)
        await keep(tx, id, hashOfLink(token))
        return token
      }),
    async isRight(token) {
      const [known] = await sql<
        { id: string }[]
      >`select id from first_links where hash = ${hashOfLink(token)}`
      return known !== undefined && tokenOf(known.id) === token && isUnfounded(sql)
    },
  }
}

async function keep(sql: Queryable, id: string, hash: string): Promise<void> {
  await sql`
    insert into first_links (id, hash) values (${id}, ${hash}) on conflict (id) do update set hash = excluded.hash`
}
