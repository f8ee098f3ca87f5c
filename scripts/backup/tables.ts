import type postgres from 'postgres'
import { JOBS_SCHEMA } from '../../db/jobQueues.ts'
import type { TableHead } from './backupFile.ts'

type Reader = postgres.Sql | postgres.TransactionSql

/** Jobs that are still to be done; what pg-boss keeps beside them is made by `migrate`. */
export const JOBS_TABLE = `${JOBS_SCHEMA}.job`
export const OPEN_JOBS = `state < 'completed'`

/** Every table of Baton with its columns, in an order in which rows may be put back: what is pointed to comes first. */
export async function tablesInOrder(sql: Reader): Promise<TableHead[]> {
  const tables = await sql<TableHead[]>`
    select n.nspname || '.' || c.relname as "table",
           array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relkind in ('r', 'p') and not c.relispartition
      and (n.nspname = 'public' or n.nspname || '.' || c.relname = ${JOBS_TABLE})
    group by 1 order by 1`
  const links = await sql<{ from: string; to: string }[]>`
    select fn.nspname || '.' || f.relname as "from", tn.nspname || '.' || t.relname as "to"
    from pg_constraint k
    join pg_class f on f.oid = k.conrelid join pg_namespace fn on fn.oid = f.relnamespace
    join pg_class t on t.oid = k.confrelid join pg_namespace tn on tn.oid = t.relnamespace
    where k.contype = 'f' and k.conrelid <> k.confrelid and fn.nspname = 'public'`
  return inOrder([...tables], links)
}

/** Of the newest migration that was applied. */
export async function schemaOf(sql: Reader): Promise<string> {
  const [row] = await sql<{ hash: string }[]>`
    select hash from drizzle.__drizzle_migrations order by created_at desc limit 1`
  return row?.hash ?? ''
}

function inOrder(tables: TableHead[], links: readonly { from: string; to: string }[]): TableHead[] {
  const left = new Map(tables.map((table) => [table.table, table]))
  const ordered: TableHead[] = []
  while (left.size > 0) {
    const free = [...left.values()].filter(
      ({ table }) => !links.some((link) => link.from === table && left.has(link.to)),
    )
    if (free.length === 0)
      throw new Error(`These tables point to each other in a ring: ${[...left.keys()].join(', ')}`)
    for (const table of free) left.delete(table.table)
    ordered.push(...free)
  }
  return ordered
}
