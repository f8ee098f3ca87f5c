import postgres from 'postgres'
import { between } from '../../simulate/chance.ts'
import type { Outcome } from '../campaign.ts'
import type { FaultContext } from '../fault.ts'

const WRITERS = 6
const EVENTS_PER_WRITER = 60
const COMMIT_DELAY_MS = [0, 12] as const
const READ_EVERY_MS = 3

/**
 * A model of the feeds that lose events: parallel transactions take a number (or a time) early and commit in another order,
 * and a reader asks for what is above the last one it saw. What commits late below its cursor is never read.
 */
export async function readWithNaiveCursor(
  { stores, chance }: FaultContext,
  cursor: 'bigserial' | 'created_at',
): Promise<Outcome> {
  const sql = postgres(stores.adminUrl, { max: WRITERS + 1, onnotice: () => {} })
  try {
    await sql`drop table if exists naive_events`
    await sql`create table naive_events (id bigserial, created_at timestamptz default clock_timestamp(), writer int)`
    let isWriting = true
    const write = async (writer: number) => {
      for (let at = 0; at < EVENTS_PER_WRITER; at++) {
        const delayMs = between(chance, COMMIT_DELAY_MS)
        await sql.begin(async (tx) => {
          await tx`insert into naive_events (writer) values (${writer})`
          await tx`select pg_sleep(${delayMs / 1000})`
        })
      }
    }
    const column = sql(cursor === 'bigserial' ? 'id' : 'created_at')
    const type = cursor === 'bigserial' ? 'bigint' : 'timestamptz'
    const seen = new Set<string>()
    const read = async () => {
      let last = cursor === 'bigserial' ? '0' : '-infinity'
      for (let isLast = false; !isLast; ) {
        isLast = !isWriting
        const rows = await sql<{ id: string; last: string }[]>`
          select id::text as id, ${column}::text as last from naive_events
          where ${column} > ${last}::text::${sql.unsafe(type)} order by ${column}`
        for (const row of rows) seen.add(row.id)
        last = rows.at(-1)?.last ?? last
        await Bun.sleep(READ_EVERY_MS)
      }
    }
    const reading = read()
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)))
    isWriting = false
    await reading
    const written = WRITERS * EVENTS_PER_WRITER
    const lost = written - seen.size
    return { trials: written, effective: written, lost, doubled: 0, reordered: 0, problems: [] }
  } finally {
    await sql`drop table if exists naive_events`
    await sql.end()
  }
}
