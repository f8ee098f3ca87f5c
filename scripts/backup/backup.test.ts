import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import postgres from 'postgres'
import { seedDemo } from '../../db/seed.ts'
import { type TestDatabase, testDatabase } from '../../server/testing/testDatabase.ts'
import { quoted } from './backupFile.ts'
import { restoreBackup } from './restoreBackup.ts'
import { tablesInOrder } from './tables.ts'
import { takeBackup } from './takeBackup.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
/** All that a line of text could break on. */
const NASTY = [
  'two\nlines',
  'tab\there',
  '\\.',
  '{"table":"public.agents","columns":[]}',
  '\\N',
  'ü 👩🏽‍🚀 שלום',
  '\u2028',
]

let folder: string
let file: string
let source: TestDatabase
let sql: postgres.Sql

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'baton-backup-'))
  file = join(folder, 'one.backup.gz')
  source = await testDatabase()
  await seedDemo(source.url, {
    phoneNumberId: '1',
    displayPhoneNumber: '2',
    businessAccountId: '3',
    name: 'Support',
  })
  sql = postgres(source.url, { max: 2, onnotice: () => {} })
  await sql`insert into labels (id, workspace_id, name, colour) select gen_random_uuid(), w.id, t, 'green' from workspaces w, unnest(${NASTY}::text[]) t`
  await takeBackup(source.url, file, NOW)
})

afterAll(async () => {
  await sql.end()
  await source.drop()
  await rm(folder, { recursive: true, force: true })
})

/** A digest of every table's rows, without the numbers of the event log, which a restore moves on. */
async function digests(url: string): Promise<Record<string, string>> {
  const reader = postgres(url, { max: 1, onnotice: () => {} })
  try {
    const found: Record<string, string> = {}
    for (const { table } of await tablesInOrder(reader)) {
      if (table === 'public.event_counters') continue
      const [row] = await reader.unsafe<{ digest: string }[]>(
        `select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as digest from ${quoted(table)} t`,
      )
      found[table] = row?.digest ?? ''
    }
    return found
  } finally {
    await reader.end()
  }
}

const restoredInto = async (database: TestDatabase, from = file) => {
  try {
    return await restoreBackup(database.url, from)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

test('a backup put back is the same database, row for row, and its log goes on with new numbers', async () => {
  const target = await testDatabase()
  expect(await restoredInto(target)).toMatchObject({ takenAt: NOW.toISOString() })
  const [before, after] = [await digests(source.url), await digests(target.url)]
  expect(Object.keys(before).length).toBeGreaterThan(20)
  expect(before['public.messages']).not.toStartWith('0 ')
  expect(after).toEqual(before)
  const [was] = await sql<{ last: string }[]>`select max(last_seq)::text as last from event_counters`
  const restored = postgres(target.url, { max: 1 })
  const [is] = await restored<{ last: string }[]>`select max(last_seq)::text as last from event_counters`
  await restored.end()
  expect(Number(is?.last)).toBeGreaterThan(Number(was?.last))
  await target.drop()
})

test('a backup is one moment: what is written meanwhile is all in it, or not at all', async () => {
  let isWriting = true
  const writing = (async () => {
    for (let turn = 0; isWriting; turn++) {
      await sql.begin(async (tx) => {
        const [contact] = await tx<{ id: string }[]>`
          insert into contacts (id, workspace_id, name) select gen_random_uuid(), id, ${`pair ${turn}`} from workspaces returning id`
        await tx`
          insert into conversations (id, workspace_id, channel_id, contact_id)
          select gen_random_uuid(), workspace_id, id, ${contact?.id ?? ''}::uuid from channels limit 1`
      })
    }
  })()
  const busy = join(folder, 'busy.backup.gz')
  await takeBackup(source.url, busy, NOW)
  isWriting = false
  await writing
  const target = await testDatabase()
  expect(await restoredInto(target, busy)).toMatchObject({ takenAt: NOW.toISOString() })
  const restored = postgres(target.url, { max: 1 })
  const [row] = await restored<{ alone: number }[]>`
    select count(*)::int as alone from contacts c
    where c.name like 'pair %' and not exists (select from conversations where contact_id = c.id)`
  await restored.end()
  expect(row?.alone).toBe(0)
  await target.drop()
})

test('a database that holds something is left alone', async () => {
  const before = await digests(source.url)
  expect(await restoredInto(source)).toContain('not empty')
  expect(await digests(source.url)).toEqual(before)
})

test('a backup that was cut short, or is of another schema, changes nothing', async () => {
  const target = await testDatabase()
  const text = gunzipSync(await Bun.file(file).bytes()).toString()
  const cut = join(folder, 'cut.backup.gz')
  await Bun.write(cut, gzipSync(text.slice(0, text.indexOf('\n', text.length / 2) + 1)))
  const other = join(folder, 'other.backup.gz')
  await Bun.write(other, gzipSync(text.replace(/"schema":"\w+"/, '"schema":"another"')))
  const nothing = join(folder, 'nothing.backup.gz')
  await Bun.write(nothing, gzipSync('hello\n'))
  expect(await restoredInto(target, cut)).toContain('not whole')
  expect(await restoredInto(target, other)).toContain('another version')
  expect(await restoredInto(target, nothing)).toContain('no backup')
  expect(await restoredInto(target, join(folder, 'missing'))).toContain('no file')
  expect((await digests(target.url))['public.workspaces']).toStartWith('0 ')
  expect(await restoredInto(target)).toMatchObject({ takenAt: NOW.toISOString() })
  await target.drop()
})

test('a backup that fails leaves no file that looks like one', async () => {
  const gone = await testDatabase()
  await gone.drop()
  const into = join(folder, 'failed')
  const failure = await takeBackup(gone.url, join(into, 'x.backup.gz'), NOW).catch(
    (error: Error) => error.message,
  )
  expect(failure).toContain('does not exist')
  expect(await readdir(into)).toEqual([])
})
