import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sql } from '../../db/client.ts'

/** Every table of the database, ours and those of the jobs, in which a row holds one of these words; cast to text, as bytes too. */
export async function tablesWith(sql: Sql, words: readonly string[]): Promise<string[]> {
  const tables = await sql<{ schema: string; name: string }[]>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1, 2`
  const patterns = words.flatMap((word) => [`%${word}%`, `%${Buffer.from(word).toString('hex')}%`])
  const found: string[] = []
  for (const { schema, name } of tables) {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from ${sql(schema)}.${sql(name)} t where t::text ilike any(${patterns}::text[])`
    if (row && row.count > 0) found.push(schema === 'public' ? name : `${schema}.${name}`)
  }
  return found
}

/** The files below a folder that hold one of these words, in their bytes or in their names. */
export async function filesWith(folder: string, words: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = Buffer.from(await Bun.file(path).arrayBuffer())
    if (words.some((word) => bytes.includes(word) || path.includes(word))) found.push(path)
  }
  return found
}
