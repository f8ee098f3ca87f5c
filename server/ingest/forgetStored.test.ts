import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import { type TestRedis, testRedis } from '../testing/testRedis.ts'
import { createAppend } from './append.ts'
import { deliveriesWaiting } from './deliveriesWaiting.ts'
import { forgetStored } from './forgetStored.ts'
import { ack, ensureGroup, readNew } from './readEntries.ts'
import { STREAM } from './stream.ts'
import { trimAcked } from './trim.ts'

let database: TestRedis
let redis: Redis
const THEM = '16505551234'

beforeAll(async () => {
  database = await testRedis()
  redis = new Redis(database.url)
})
afterAll(() => redis.disconnect())
beforeEach(async () => {
  await redis.del(STREAM)
  await ensureGroup(redis)
})

const comes = (text: string) => createAppend(redis)(new TextEncoder().encode(text))
const bodies = async () => (await redis.xrange(STREAM, '-', '+')).map(([, fields]) => fields[1])
async function isStored(): Promise<void> {
  const { entries } = await readNew(redis, 'one', 10)
  await ack(
    redis,
    entries.map((entry) => entry.streamId),
  )
}

test('the newest delivery, which trimming leaves, goes when it is about who was erased', async () => {
  await comes('from somebody else')
  await comes(`from ${THEM}`)
  await isStored()
  await trimAcked(redis)
  expect(await bodies()).toEqual([`from ${THEM}`])
  expect(await forgetStored(redis, [THEM])).toBe(1)
  expect(await bodies()).toEqual([])
  // Operators watch the lag: it must be a number still, now and when more has come.
  expect(await deliveriesWaiting(redis)).toBe(0)
  await comes('later')
  expect(await deliveriesWaiting(redis)).toBe(1)
  await isStored()
  expect(await deliveriesWaiting(redis)).toBe(0)
})

test('what is not stored yet stays, whoever it is about, and so does what is about others', async () => {
  await comes('from somebody else')
  await isStored()
  await comes(`from ${THEM}`)
  expect(await forgetStored(redis, [THEM])).toBe(0)
  expect(await bodies()).toEqual(['from somebody else', `from ${THEM}`])
  await readNew(redis, 'one', 10) // handed out, and not acked
  expect(await forgetStored(redis, [THEM])).toBe(0)
  expect(await bodies()).toEqual([`from ${THEM}`])
})

test('nothing is asked of a Redis that has no stream', async () => {
  await redis.del(STREAM)
  expect(await forgetStored(redis, [THEM])).toBe(0)
})
