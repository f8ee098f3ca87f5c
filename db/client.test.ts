import { afterAll, beforeAll, expect, test } from 'bun:test'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { testDatabase } from '../server/testing/testDatabase.ts'
import { openDatabase } from './client.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let wire: Server
let url: string
/** Open connections through the wire; a silenced one takes what it is sent and gives nothing back. */
const silenced = new Set<Socket>()
const open = new Set<Socket>()

beforeAll(async () => {
  database = await testDatabase()
  const target = new URL(database.url)
  const { port, hostname } = target
  wire = createServer((near) => {
    const far = createConnection(Number(port), hostname)
    open.add(near)
    near.on('data', (bytes) => far.write(bytes))
    far.on('data', (bytes) => void (silenced.has(near) || near.write(bytes)))
    for (const [one, other] of [[near, far] as const, [far, near] as const]) {
      one.on('error', () => {})
      one.on('close', () => {
        open.delete(near)
        other.destroy()
      })
    }
  })
  const listening = Promise.withResolvers<void>()
  wire.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const address = wire.address()
  target.hostname = '127.0.0.1'
  target.port = String(typeof address === 'object' ? address?.port : '')
  url = target.href
})
afterAll(async () => {
  wire.close()
  await database.drop()
})

test('a connection that fell silent fails what was asked, and the next question is answered', async () => {
  const { sql, close } = openDatabase(url, { connections: 1, answerWithinSeconds: 0.3 })
  expect((await sql`select 1 as one`)[0]?.one).toBe(1)
  for (const socket of open) silenced.add(socket)
  expect(silenced.size).toBe(1)
  const asked = sql`select 2`.then(
    () => 'answered',
    (error: { code: string }) => error.code,
  )
  expect(await asked).toBe('CONNECTION_CLOSED')
  expect((await sql`select 3 as three`)[0]?.three).toBe(3)
  await close()
})

test('a connection that is asked nothing is left alone, however long', async () => {
  const { sql, close } = openDatabase(url, { connections: 1, answerWithinSeconds: 0.1 })
  const idOf = async () => (await sql<{ id: number }[]>`select pg_backend_pid() as id`)[0]?.id
  const before = await idOf()
  const other = openDatabase(database.url, { connections: 1 })
  await other.sql`select pg_sleep(0.4)` // longer than the first one's patience
  expect(await idOf()).toBe(before)
  await Promise.all([close(), other.close()])
})

test('a transaction that is asked nothing for a while goes on', async () => {
  const { sql, close } = openDatabase(url, { connections: 1, answerWithinSeconds: 0.1 })
  const other = openDatabase(database.url, { connections: 1 })
  const seen = await sql.begin(async (tx) => {
    await tx`select 1`
    await other.sql`select pg_sleep(0.3)`
    return tx<{ four: number }[]>`select 4 as four`
  })
  expect(seen[0]?.four).toBe(4)
  await Promise.all([close(), other.close()])
})
