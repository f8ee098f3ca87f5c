import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import { countInbound } from '../ingest/countInbound.ts'
import { createLog } from '../log.ts'
import { textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { testRedis } from '../testing/testRedis.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { limitKeys } from './limitKeys.ts'
import type { Limits } from './limits.ts'
import { createLimits } from './redisLimits.ts'

const log = createLog({ level: 'silent', name: 'test' })
const number = { phoneNumberId: '106540352242922', throughputPerSecond: 80 }
let redis: Redis
let clock: Date
let limits: Limits

beforeAll(async () => {
  redis = new Redis((await testRedis()).url)
})
afterAll(() => redis.disconnect())
beforeEach(async () => {
  await redis.flushdb()
  clock = new Date()
  limits = createLimits(redis, log, () => clock)
})

const people = (count: number, name = 'c') => Array.from({ length: count }, (_, index) => `${name}${index}`)
const pass = (ms: number) => {
  clock = new Date(clock.getTime() + ms)
}
async function granted(conversationIds: string[], of = number): Promise<number> {
  return (await limits.take(of, conversationIds)).verdicts.filter((one) => one === 'go').length
}

test.each([20, 80, 1000])(
  'a number of %d a second never sees more than that in any second, and at least nine tenths of it over time',
  async (throughputPerSecond) => {
    const sent: number[] = []
    const startMs = clock.getTime()
    for (let turn = 0; turn < 400; turn++) {
      const count = await granted(people(200, `${turn}-`), { ...number, throughputPerSecond })
      sent.push(...Array.from({ length: count }, () => clock.getTime()))
      pass(25)
    }
    const seconds = (clock.getTime() - startMs) / 1000
    expect(sent.length / seconds).toBeGreaterThan(throughputPerSecond * 0.9)
    let first = 0
    for (const [last, at] of sent.entries()) {
      while ((sent[first] ?? 0) <= at - 1000) first++
      expect(last - first + 1).toBeLessThanOrEqual(throughputPerSecond)
    }
  },
)

test('two senders share one limit', async () => {
  const other = createLimits(redis, log, () => clock)
  const first = await granted(people(200))
  const second = (await other.take(number, people(200, 'other'))).verdicts.filter((one) => one === 'go')
  expect(first).toBeGreaterThan(0)
  expect(second).toHaveLength(0)
})

test('what comes in takes from the same second', async () => {
  const items = readDelivery(new TextEncoder().encode(JSON.stringify(textDelivery('wamid.1', 'Hi'))), clock)
  const received = items.map((item) => ({
    ...item,
    streamId: '1-0',
    receivedAt: clock,
    body: new Uint8Array(),
  }))
  countInbound(redis, Array.from({ length: 40 }, () => received).flat(), clock)
  await eventually(() => redis.get(limitKeys.inbound(number.phoneNumberId)))
  expect(await granted(people(1))).toBe(0)
  pass(500)
  expect(await granted(people(1))).toBe(1)
})

test('a backlog that came in long ago takes nothing', async () => {
  const items = readDelivery(new TextEncoder().encode(JSON.stringify(textDelivery('wamid.1', 'Hi'))), clock)
  const receivedAt = new Date(clock.getTime() - 60_000)
  countInbound(
    redis,
    items.map((item) => ({ ...item, streamId: '1-0', receivedAt, body: new Uint8Array() })),
    clock,
  )
  await redis.ping()
  expect(await redis.get(limitKeys.inbound(number.phoneNumberId))).toBeNull()
})

test('one customer gets 45 at once, then one each six seconds, and nobody else waits for that', async () => {
  const fast = { ...number, throughputPerSecond: 1_000_000 }
  const burst = await limits.take(
    fast,
    Array.from({ length: 50 }, () => 'one'),
  )
  expect(burst.verdicts.filter((one) => one === 'go')).toHaveLength(45)
  expect(burst.verdicts[45]).toEqual(new Date(clock.getTime() + 6000))
  expect(await granted(people(1, 'another'), fast)).toBe(1)
  pass(5999)
  expect(await granted(['one'], fast)).toBe(0)
  pass(1)
  expect(await granted(['one', 'one'], fast)).toBe(1)
})

test('what is given back can be taken again', async () => {
  const slow = { ...number, throughputPerSecond: 1 }
  expect(await granted(['one'], slow)).toBe(1)
  expect(await granted(['one'], slow)).toBe(0)
  await limits.giveBack(slow, ['one'])
  expect(await granted(['one'], slow)).toBe(1)
})

test('a closed number waits, longer each time that it is found closed again, and is forgiven after a while', async () => {
  const closing = { firstMs: 1000, factor: 2, longestMs: 3000 }
  const close = async () => (await limits.close([number.phoneNumberId], closing)).getTime() - clock.getTime()
  expect(await close()).toBe(1000)
  pass(10)
  expect(await close()).toBe(990) // what was under way when it closed brings the same news
  expect(await limits.take(number, ['one'])).toEqual({ verdicts: ['number'], numberWaitMs: 990 })
  pass(1100)
  expect(await granted(['one'])).toBe(1)
  expect(await close()).toBe(2000)
  pass(2001)
  expect(await close()).toBe(3000)
})

test('with Redis away a sender goes on slowly', async () => {
  const away = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null })
  away.on('error', () => {})
  const alone = createLimits(away, log)
  expect((await alone.take(number, people(3))).verdicts).toEqual(['go', 'number', 'number'])
  const second = await alone.take(number, people(3))
  expect(second.verdicts).toEqual(['number', 'number', 'number'])
  expect(second.numberWaitMs).toBeGreaterThan(0)
  away.disconnect()
})
