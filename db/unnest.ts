import type postgres from 'postgres'
import type { Queryable } from './client.ts'

type ColumnType = 'uuid' | 'text' | 'jsonb' | 'timestamptz' | 'integer' | 'bigint' | 'smallint' | 'boolean'
type Cell = string | number | boolean | Date | object | null

/**
 * Rows as a table: `insert into t (a, b) select r.a, r.b from ${unnest(sql, rows, { a: 'uuid', b: 'text' })}`.
 * One array per column, so a statement has the same number of parameters for one row and for a thousand.
 * Cells go over as text and are cast by Postgres: the driver guesses the type of an array from its first element, and is
 * wrong when that is null.
 */
export function unnest<Row extends Record<string, Cell>>(
  sql: Queryable,
  rows: readonly Row[],
  columns: { [Name in keyof Row & string]: ColumnType },
): postgres.PendingQuery<postgres.Row[]> {
  const entries = Object.entries<ColumnType>(columns)
  const arrays = entries.map(
    ([name, type], index) =>
      sql`${sql.unsafe(index === 0 ? '' : ',')} ${rows.map((row) => textOf(row[name] ?? null, type))}::text[]::${sql.unsafe(type)}[]`,
  )
  return sql`unnest(${arrays}) as r(${sql.unsafe(entries.map(([name]) => `"${name}"`).join(', '))})`
}

function textOf(cell: Cell, type: ColumnType): string | null {
  if (cell === null) return null
  if (type === 'jsonb') return JSON.stringify(cell)
  if (cell instanceof Date) return cell.toISOString()
  return String(cell)
}
