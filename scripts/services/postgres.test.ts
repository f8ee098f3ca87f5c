import { afterEach, expect, test } from 'bun:test'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sqlOf from 'postgres'
import { isAlive } from './liveProcess.ts'
import { type RunningPostgres, startPostgres } from './postgres.ts'

const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

function folder(mode = 0o711) {
  const path = mkdtempSync(join(tmpdir(), 'baton-postgres-'))
  chmodSync(path, mode)
  closings.push(() => rmSync(path, { recursive: true, force: true }))
  return { path, id: 'test' }
}

async function start(dataDir: { path: string; id: string }): Promise<RunningPostgres> {
  const service = await startPostgres({ dataDir, isDurable: false })
  closings.push(() => service.stop())
  return service
}

async function query(service: RunningPostgres, text: string): Promise<Record<string, unknown>[]> {
  const sql = sqlOf(service.url, { max: 1 })
  try {
    return await sql.unsafe(text)
  } finally {
    await sql.end()
  }
}

test('it comes back on its port with its rows', async () => {
  const dataDir = folder()
  const first = await start(dataDir)
  await query(first, 'create table kept as select 42 as n')
  await first.stop()
  const second = await start(dataDir)
  expect(second.url).toBe(first.url)
  expect(await query(second, 'select n from kept')).toEqual([{ n: 42 }])
})

test('one that a killed start left running is ended in good order first', async () => {
  const dataDir = folder()
  const orphan = await start(dataDir)
  const next = await start(dataDir)
  expect(isAlive(orphan.pid)).toBe(false)
  expect(await query(next, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('a pid file whose number is now another program’s stops nothing', async () => {
  const dataDir = folder()
  const first = await start(dataDir)
  await first.stop()
  const other = Bun.spawn(['sleep', '60'])
  closings.push(() => other.kill())
  writeFileSync(join(first.folder, 'postmaster.pid'), `${other.pid}\n${first.folder}\n`)
  const second = await start(dataDir)
  expect(await query(second, 'select 1 as n')).toEqual([{ n: 1 }])
  expect(isAlive(other.pid)).toBe(true)
})

test('a data directory that was cut short while it was made is made again', async () => {
  const dataDir = folder()
  mkdirSync(join(dataDir.path, 'postgres.making-1', 'base'), { recursive: true })
  await start(dataDir)
  expect(readdirSync(dataDir.path).filter((name) => name.includes('making'))).toEqual([])
})

test('a folder that is no whole database is put aside, not deleted', async () => {
  const dataDir = folder()
  mkdirSync(join(dataDir.path, 'postgres'))
  writeFileSync(join(dataDir.path, 'postgres', 'somebody.txt'), 'precious')
  await start(dataDir)
  const aside = readdirSync(dataDir.path).find((name) => name.startsWith('postgres.unusable-')) ?? ''
  expect(readFileSync(join(dataDir.path, aside, 'somebody.txt'), 'utf8')).toBe('precious')
})

test.if(process.getuid?.() === 0)(
  'root in a folder closed to others keeps its database elsewhere',
  async () => {
    const dataDir = folder(0o700)
    const service = await start(dataDir)
    const home = dirname(service.folder)
    closings.unshift(() => rmSync(home, { recursive: true, force: true }))
    expect(home).toStartWith('/var/tmp/baton-')
    expect(existsSync(join(dataDir.path, 'postgres'))).toBe(false)
    expect(await query(service, 'select 1 as n')).toEqual([{ n: 1 }])
  },
)
