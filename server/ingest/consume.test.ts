import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import type { Redis } from 'ioredis'
import postgres from 'postgres'
import { createRinger } from '../live/bell.ts'
import { createLog } from '../log.ts'
import { connectBlockingRedis, connectRedis, whenReady } from '../redis.ts'
import { type Delivery, textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { createAppend } from './append.ts'
import { consume } from './consume.ts'
import { processConsumerName } from './inherit.ts'
import { BLOCK_MS, ensureGroup } from './readEntries.ts'
import { GROUP, STREAM } from './stream.ts'
import { superviseConsumer } from './supervise.ts'

const silent = createLog({ level: 'silent', name: 'test' })
let workspace: TestWorkspace
let redisUrl: string
let redis: Redis
const stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  workspace = await testWorkspace()
  redisUrl = (await testRedis()).url
  redis = connectRedis(redisUrl, silent)
  await whenReady(redis, 5000)
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  redis.disconnect()
  await workspace.drop()
})

/** A consumer with connections of its own; counts what it stored, and what it had to report as lost. */
async function startConsumer(name: string) {
  const own = connectRedis(redisUrl, silent)
  const blocking = connectBlockingRedis(redisUrl, BLOCK_MS, silent)
  await whenReady(own, 5000)
  const told = { items: 0, lost: [] as string[], alarms: [] as string[] }
  const log = silent.child({})
  log.error = ((facts: { streamIds?: string[] }, sentence: string) => {
    told.lost.push(...(facts.streamIds ?? []))
    told.alarms.push(sentence)
  }) as typeof log.error
  const stop = new AbortController()
  const ringer = createRinger(own, silent)
  const done = consume(
    {
      blocking,
      redis: own,
      sql: workspace.sql,
      name,
      log,
      now: () => new Date(),
      ring: ringer.ring,
      turned: (turn) => {
        told.items += turn.items
      },
    },
    stop.signal,
  )
  const end = async () => {
    stop.abort()
    blocking.disconnect()
    await done
    own.disconnect()
  }
  stops.push(end)
  return { told, end }
}

const append = (body: Delivery) => createAppend(redis)(new TextEncoder().encode(JSON.stringify(body)))
const texts = (count: number, prefix = 'wamid') =>
  Array.from({ length: count }, (_, index) =>
    textDelivery(`${prefix}.${index}`, `${index}`, `4915550${1000 + (index % 11)}`),
  )
const stored = async () =>
  (await workspace.sql<{ count: number }[]>`select count(*)::int as count from messages`)[0]?.count
const pending = async () => Number(((await redis.xpending(STREAM, GROUP)) as unknown[])[0])

describe('the consumer', () => {
  test('stores 500 messages that are delivered twice at the same time 500 times, not 1,000', async () => {
    await startConsumer('one')
    const all = texts(500)
    await Promise.all([Promise.all(all.map(append)), Promise.all(all.map(append))])
    await eventually(async () => (await stored()) === 500)
    await eventually(async () => (await pending()) === 0 && (await redis.xlen(STREAM)) >= 1)
    expect(await stored()).toBe(500)
    const [events] = await workspace.sql`select count(*)::int as count, max(seq)::int as last from events`
    expect(events).toEqual({ count: 500, last: 500 })
  })

  test('shares the work with another, and each message is stored once', async () => {
    await Promise.all(texts(4000).map(append))
    const consumers = await Promise.all([startConsumer('one'), startConsumer('two')])
    await eventually(async () => (await stored()) === 4000 && (await pending()) === 0, { withinMs: 15_000 })
    expect(consumers.map(({ told }) => told.items).reduce((a, b) => a + b)).toBe(4000)
    for (const { told } of consumers) expect(told.items).toBeGreaterThan(0)
  })

  test('starts with what it was given before it died', async () => {
    await ensureGroup(redis)
    await Promise.all(texts(30).map(append))
    await redis.xreadgroup('GROUP', GROUP, 'one', 'COUNT', 20, 'STREAMS', STREAM, '>') // and then it dies
    expect(await pending()).toBe(20)
    await startConsumer('one')
    await eventually(async () => (await stored()) === 30 && (await pending()) === 0)
  })

  test('takes over what a dead one was given, when it has lain for a minute', async () => {
    await ensureGroup(redis)
    await Promise.all(texts(5).map(append))
    const given = await redis.xreadgroup('GROUP', GROUP, 'dead', 'COUNT', 5, 'STREAMS', STREAM, '>')
    const ids = given?.[0]?.[1].map(([id]) => id) ?? []
    await redis.xclaim(STREAM, GROUP, 'dead', 0, ...ids, 'IDLE', 61_000)
    await startConsumer('alive')
    await eventually(async () => (await stored()) === 5 && (await pending()) === 0)
  })

  test('takes over at once what a process of this machine had in hand when it was killed', async () => {
    await ensureGroup(redis)
    await Promise.all(texts(5).map(append))
    const dead = Bun.spawnSync([process.execPath, '--version'])
    expect(dead.exitCode).toBe(0)
    const name = processConsumerName(dead.pid)
    await redis.xreadgroup('GROUP', GROUP, name, 'COUNT', 5, 'STREAMS', STREAM, '>')
    await startConsumer('alive')
    await eventually(async () => (await stored()) === 5 && (await pending()) === 0)
    const names = (await redis.xinfo('CONSUMERS', STREAM, GROUP)) as unknown[][]
    expect(names.map((fields) => fields[1])).toEqual(['alive'])
  })

  test('makes the group again from the beginning of the stream when it is gone, and skips nothing', async () => {
    await startConsumer('one')
    await append(textDelivery('wamid.before', 'x'))
    await eventually(async () => (await stored()) === 1)
    await redis.xgroup('DESTROY', STREAM, GROUP)
    await Promise.all(texts(10).map(append))
    await eventually(async () => (await stored()) === 11)
  })

  test('raises an alarm about entries that were removed before they were stored, and goes on', async () => {
    await ensureGroup(redis)
    await Promise.all(texts(3).map(append))
    await redis.xreadgroup('GROUP', GROUP, 'one', 'COUNT', 3, 'STREAMS', STREAM, '>')
    const [[removed] = []] = await redis.xrange(STREAM, '-', '+', 'COUNT', 1)
    await redis.xdel(STREAM, removed ?? '')
    const { told } = await startConsumer('one')
    await eventually(async () => (await stored()) === 2 && (await pending()) === 0)
    expect(told.lost).toEqual([removed ?? ''])
  })

  test('notices that Redis was emptied, says how much was waiting, and goes on', async () => {
    const { told } = await startConsumer('one')
    await append(textDelivery('wamid.before', 'x'))
    await eventually(async () => (await stored()) === 1)
    await redis.flushdb()
    await Promise.all(texts(5).map(append))
    await eventually(async () => (await stored()) === 6)
    const epochs = await workspace.sql<{ isLost: boolean }[]>`
      select lost_at is not null as is_lost from stream_epochs order by created_at`
    expect(epochs.map((row) => row.isLost)).toEqual([true, false])
    expect(told.alarms).toContain('DATA LOST: Redis was emptied; what it held and was not stored yet is gone')
  })

  test('acks nothing while the database is away, and goes on when it is back', async () => {
    const name = new URL(workspace.databaseUrl).pathname.slice(1)
    const admin = postgres(process.env.TEST_DATABASE_URL ?? '', { max: 1 })
    stops.push(() => admin.end())
    await startConsumer('one')
    await append(textDelivery('wamid.before', 'x'))
    await eventually(async () => (await stored()) === 1)
    await admin`alter database ${admin(name)} allow_connections false`
    await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
    await Promise.all(texts(25).map(append))
    await eventually(async () => (await pending()) > 0)
    await admin`alter database ${admin(name)} allow_connections true`
    await eventually(async () => (await stored()) === 26 && (await pending()) === 0, { withinMs: 15_000 })
    expect(await workspace.sql`select 1 from dead_letters`).toHaveLength(0)
  })

  test('trims what is stored, and only that', async () => {
    await ensureGroup(redis)
    await Promise.all(texts(50).map(append))
    await redis.xreadgroup('GROUP', GROUP, 'other', 'COUNT', 1, 'STREAMS', STREAM, '>') // holds the first one
    const { end } = await startConsumer('one')
    await eventually(async () => (await stored()) === 49)
    await end()
    expect(await redis.xlen(STREAM)).toBe(50)
    await startConsumer('other')
    await eventually(async () => (await stored()) === 50)
    await eventually(async () => (await redis.xlen(STREAM)) === 1, { withinMs: 15_000 })
  })
})

describe('the consumer thread', () => {
  test('does the same work, and is replaced when it dies', async () => {
    let items = 0
    const settings = { databaseUrl: workspace.databaseUrl, redisUrl, name: 'thread', logLevel: 'silent' }
    const consumer = superviseConsumer(settings, silent, (turn) => {
      items += turn.items
    })
    stops.push(() => consumer.stop())
    await Promise.all(texts(40).map(append))
    await eventually(async () => (await stored()) === 40)
    consumer.kill()
    await Promise.all(texts(40, 'wamid.after').map(append))
    await eventually(async () => (await stored()) === 80 && (await pending()) === 0, { withinMs: 15_000 })
    expect(items).toBeGreaterThanOrEqual(40)
  })

  test('stops within its batch and leaves nothing pending', async () => {
    const settings = { databaseUrl: workspace.databaseUrl, redisUrl, name: 'thread', logLevel: 'silent' }
    const consumer = superviseConsumer(settings, silent, () => {})
    await Promise.all(texts(200).map(append))
    await eventually(async () => ((await stored()) ?? 0) > 0)
    await consumer.stop()
    expect(await pending()).toBe(0)
  })
})
