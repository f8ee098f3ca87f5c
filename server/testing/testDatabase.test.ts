import { afterAll, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { testDatabase } from './testDatabase.ts'
import { testRedis } from './testRedis.ts'

const closings: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closings.reverse()) await close()
})

test('a test database has the newest schema and nothing of another test', async () => {
  const [first, second] = await Promise.all([testDatabase(), testDatabase()])
  const [sqlFirst, sqlSecond] = [first, second].map((database) => {
    const sql = postgres(database.url, { max: 1 })
    closings.push(database.drop, () => sql.end())
    return sql
  })
  if (!sqlFirst || !sqlSecond) throw new Error('two databases were asked for')
  const [tables] = await sqlFirst`select count(*)::int as n from pg_tables where tablename = 'workspaces'`
  expect(tables?.n).toBe(1)
  await sqlFirst`create table only_here (id int)`
  const [found] = await sqlSecond`select to_regclass('only_here') as name`
  expect(found?.name).toBeNull()
})

test('lower case is that of all languages: a search finds JOSÉ by josé', async () => {
  const database = await testDatabase()
  const sql = postgres(database.url, { max: 1 })
  closings.push(database.drop, () => sql.end())
  const [row] = await sql`select 'JOSÉ ÅSA' ilike 'josé åsa' as found`
  expect(row?.found).toBe(true)
})

test('two tests share no Redis key', async () => {
  const [first, second] = await Promise.all([testRedis(), testRedis()])
  const clients = [new Redis(first.url), new Redis(second.url)] as const
  closings.push(...clients.map((redis) => () => redis.disconnect()))
  await clients[0].set('key', 'mine')
  expect(await clients[1].get('key')).toBeNull()
  await first.flush()
  expect(await clients[0].get('key')).toBeNull()
})
