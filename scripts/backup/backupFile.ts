/**
 * A backup is gzipped text that can be read by eye with `zcat`: lines that begin with `#` tell what follows, all others are rows,
 * each a JSON object as PostgreSQL writes it. First the head, then of each table its name, its rows, and how many they were.
 *
 *     # {"format":1,"takenAt":"…","schema":"…","sequences":[]}
 *     # {"table":"public.labels","columns":["id","name"]}
 *     {"id":"…","name":"Refund"}
 *     # {"end":"public.labels","rows":1}
 */
export type BackupHead = {
  format: 1
  takenAt: string
  /** Of the last migration, as drizzle keeps it: a backup goes back into the schema that it came from. */
  schema: string
  /** Values of counters that rows alone do not tell. */
  sequences: { name: string; value: string }[]
}

export type TableHead = { table: string; columns: string[] }
export type TableEnd = { end: string; rows: number }

const MARK = '# '

export const marked = (told: BackupHead | TableHead | TableEnd) => `${MARK}${JSON.stringify(told)}\n`

/** What a marked line tells; null for a row, and for what cannot be read. */
export function markIn(line: string): unknown {
  if (!line.startsWith(MARK)) return null
  try {
    return JSON.parse(line.slice(MARK.length))
  } catch {
    return null
  }
}

/** A name for PostgreSQL, `schema.table` or a column. */
export const quoted = (name: string) =>
  name
    .split('.')
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join('.')
