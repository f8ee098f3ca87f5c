import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import postgres from 'postgres'
import { type BackupHead, marked, quoted, type TableHead } from './backupFile.ts'
import { JOBS_TABLE, OPEN_JOBS, schemaOf, tablesInOrder } from './tables.ts'

const ROWS_A_PAGE = 1000

/**
 * Writes one consistent picture of the database into `file`, while everything runs: a single snapshot, so nothing in it is half done.
 * The file is there only when it is whole.
 *
 * @returns how many tables and bytes
 */
export async function takeBackup(
  url: string,
  file: string,
  now: Date,
): Promise<{ tables: number; bytes: number }> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const unfinished = `${file}.unfinished`
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const gzip = createGzip()
  const written = pipeline(gzip, createWriteStream(unfinished, { mode: 0o600 }))
  // Whoever writes into the gzip waits for `drain`, which never comes when the disk is full: this says so.
  const failed = written.then(() => new Promise<never>(() => {}))
  failed.catch(() => {})
  const write = async (chunk: string | Uint8Array) => {
    if (!gzip.write(chunk)) await Promise.race([once(gzip, 'drain'), failed])
  }
  try {
    const tables = await sql.begin('isolation level repeatable read read only', async (tx) => {
      const known = await tablesInOrder(tx)
      await write(marked(await headOf(tx, now)))
      for (const table of known) {
        await write(marked(table))
        let rows = 0
        for await (const page of rowsOf(tx, table)) {
          rows += page.length
          await write(page.map(({ row }) => `${row}\n`).join(''))
        }
        await write(marked({ end: table.table, rows }))
      }
      return known.length
    })
    gzip.end()
    await written
    await rename(unfinished, file)
    return { tables, bytes: Bun.file(file).size }
  } catch (error) {
    gzip.destroy()
    await written.catch(() => {})
    await rm(unfinished, { force: true })
    throw error
  } finally {
    await sql.end({ timeout: 5 })
  }
}

async function headOf(tx: postgres.TransactionSql, now: Date): Promise<BackupHead> {
  const sequences = await tx<{ name: string; value: string }[]>`
    select schemaname || '.' || sequencename as name, last_value::text as value
    from pg_sequences where schemaname = 'public' and last_value is not null`
  return { format: 1, takenAt: now.toISOString(), schema: await schemaOf(tx), sequences: [...sequences] }
}

function rowsOf(
  tx: postgres.TransactionSql,
  { table, columns }: TableHead,
): AsyncIterable<{ row: string }[]> {
  const which = table === JOBS_TABLE ? `where ${OPEN_JOBS}` : ''
  const rows = `select ${columns.map(quoted).join(', ')} from ${quoted(table)} ${which}`
  return tx
    .unsafe<{ row: string }[]>(`select row_to_json(t)::text as row from (${rows}) t`)
    .cursor(ROWS_A_PAGE)
}
