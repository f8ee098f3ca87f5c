import type postgres from 'postgres'
import type { Queryable } from './client.ts'

type ColumnType = 'uuid' | 'text' | 'json' | 'timestamptz' | 'integer' | 'bigint' | 'smallint' | 'boolean'
type Cell = string | number | boolean | Date | object | null

/**
 * Rows as a table: `insert into t (a, b) select r.a, r.b from ${unnest(sql, rows, { a: 'uuid', b: 'text' })}`.
 * One parameter per column, so a statement is the same for one row and for a thousand.
 *
 * Cells go over as text and are cast by Postgres: the driver guesses the type of an array from its first element, and is
 * wrong when that is null. Texts go as one JSON list, and the other types as lines, which neither side has to quote: with
 * arrays, a tenth of the consumer's time went into escaping. (What is no text never holds a line break, and is never
 * empty: that means null.)
 */
export function unnest<Row extends Record<string, Cell>>(
  sql: Queryable,
  rows: readonly Row[],
  columns: { [Name in keyof Row & string]?: ColumnType },
): postgres.PendingQuery<postgres.Row[]> {
  const entries = Object.entries<ColumnType | undefined>(columns)
  const lists = entries.map(([name, type = 'text'], index) => {
    const cells = rows.map((row) => textOf(row[name] ?? null, type))
    const comma = sql.unsafe(index === 0 ? '' : ',')
    if (type === 'text') return sql`${comma} json_array_elements_text(${JSON.stringify(cells)}::text::json)`
    const lines = cells.map((cell) => cell ?? '').join('\n')
    return sql`${comma} unnest(string_to_array(${lines}, E'\n', '')::${sql.unsafe(type)}[])`
  })
  return sql`rows from (${lists}) as r(${sql.unsafe(entries.map(([name]) => `"${name}"`).join(', '))})`
}

function textOf(cell: Cell, type: ColumnType): string | null {
  if (cell === null) return null
  if (type === 'json') return JSON.stringify(cell)
  if (cell instanceof Date) return cell.toISOString()
  return String(cell)
}
