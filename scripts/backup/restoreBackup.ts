import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import postgres from 'postgres'
import { z } from 'zod'
import { renewAllEpochs } from '../../server/inbox/logEpoch.ts'
import { PlainError } from '../services/plainError.ts'
import { markIn, quoted } from './backupFile.ts'
import { schemaOf, tablesInOrder } from './tables.ts'

const headSchema = z.object({
  format: z.literal(1),
  takenAt: z.string(),
  schema: z.string(),
  sequences: z.array(z.object({ name: z.string(), value: z.string() })),
})
const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()) })
const endSchema = z.object({ end: z.string(), rows: z.number() })
/** Rows of one statement. */
const ROWS_AT_ONCE = 500

/**
 * Puts a backup into an empty, migrated database, in one transaction: all of it or nothing. Numbers of the event log begin far above
 * the old ones, so that open tabs see that it is another log (docs/decisions/0018).
 *
 * @throws PlainError for a file that is no whole backup, another schema, or a database that holds something
 */
export async function restoreBackup(url: string, file: string): Promise<{ tables: number; takenAt: string }> {
  if (!(await Bun.file(file).exists())) throw new PlainError(`There is no file ${file}.`)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    return await sql.begin(async (tx) => {
      const lines = linesOf(createReadStream(file).pipe(createGunzip()))
      const next = async () => {
        const { done, value } = await lines.next()
        return done ? null : value
      }
      const head = headSchema.safeParse(markIn((await next()) ?? ''))
      if (!head.success) throw new PlainError(`${file} is no backup of Baton.`)
      await refuseUnlessEmpty(tx, head.data.schema)
      let tables = 0
      for (let line = await next(); line !== null; line = await next()) {
        const table = tableSchema.safeParse(markIn(line))
        if (!table.success) throw new PlainError(`${file} is damaged behind table ${tables}.`)
        await putRows(tx, table.data, next)
        tables += 1
      }
      for (const { name, value } of head.data.sequences)
        await tx`select setval(${quoted(name)}::regclass, ${value}::bigint)`
      await renewAllEpochs(tx)
      return { tables, takenAt: head.data.takenAt }
    })
  } finally {
    await sql.end({ timeout: 5 })
  }
}

/** Split at line feeds alone: `readline` also splits at U+2028, which JSON may hold. */
async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

async function refuseUnlessEmpty(tx: postgres.TransactionSql, schema: string): Promise<void> {
  if ((await schemaOf(tx)) !== schema) {
    throw new PlainError(
      'The backup was made with another version of the schema. Check out the version that made it, run `bun run migrate`, and try again.',
    )
  }
  for (const { table } of await tablesInOrder(tx)) {
    const [row] = await tx.unsafe<{ some: boolean }[]>(`select exists (select from ${quoted(table)}) as some`)
    if (row?.some)
      throw new PlainError(`The database is not empty: ${table} has rows. A backup goes into a fresh one.`)
  }
}

async function putRows(
  tx: postgres.TransactionSql,
  { table, columns }: z.infer<typeof tableSchema>,
  next: () => Promise<string | null>,
): Promise<void> {
  const names = columns.map(quoted).join(', ')
  const put = async (rows: string[]) => {
    if (rows.length === 0) return
    await tx.unsafe(
      `insert into ${quoted(table)} (${names}) select ${names} from json_populate_recordset(null::${quoted(table)}, $1::text::json)`,
      [`[${rows.join(',')}]`],
    )
  }
  let waiting: string[] = []
  let count = 0
  for (let line = await next(); line !== null; line = await next()) {
    const end = endSchema.safeParse(markIn(line))
    if (end.success) {
      await put(waiting)
      if (end.data.rows === count) return
      break
    }
    waiting.push(line)
    count += 1
    if (waiting.length < ROWS_AT_ONCE) continue
    await put(waiting)
    waiting = []
  }
  throw new PlainError(`The backup ends in the middle of ${table}: it is not whole.`)
}
