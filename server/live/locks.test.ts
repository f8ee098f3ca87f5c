import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import type { Agent } from '../inbox/agent.ts'
import { readTrail } from '../inbox/readTrail.ts'
import { createLog } from '../log.ts'
import { connectRedis } from '../redis.ts'
import { eventually } from '../testing/eventually.ts'
import { testAgent, testConversation } from '../testing/testPeople.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { LiveMessage } from './liveMessage.ts'
import { createLockStore, type LockTimes } from './lockStore.ts'
import { createLocks, LOCK_TIMES, type Locks } from './locks.ts'
import { createLiveReach } from './reach.ts'
import { createLiveWire, type LiveWire } from './wire.ts'

const log = createLog({ level: 'silent', name: 'test' })
let workspace: TestWorkspace
let redisUrl: string
let redis: Redis
let subscriber: Redis
let wire: LiveWire
let ana: Agent
let ben: Agent
let conversationId: string
let heard: LiveMessage[]
let unlisten: () => void

beforeAll(async () => {
  redisUrl = (await testRedis()).url
  redis = new Redis(redisUrl)
  subscriber = new Redis(redisUrl)
  wire = createLiveWire(redis, subscriber, log)
  workspace = await testWorkspace()
  ;[ana, ben] = await Promise.all([testAgent(workspace, 'Ana'), testAgent(workspace, 'Ben')])
})
afterAll(async () => {
  wire.close()
  redis.disconnect()
  subscriber.disconnect()
  await workspace.drop()
})
beforeEach(async () => {
  await redis.flushdb()
  conversationId = await testConversation(workspace)
  heard = []
  const connected = Promise.withResolvers<void>()
  const listener = { hear: (message: LiveMessage) => void heard.push(message), connected: connected.resolve }
  unlisten = wire.listen(workspace.workspaceId, listener)
  await connected.promise
})
afterEach(() => unlisten())

/** The locks of one server process; `times` shortens their lives. */
function locksOf(times: Partial<LockTimes> = {}, over: Redis = redis): Locks {
  const all = { ...LOCK_TIMES, ...times }
  const store = createLockStore(over, all)
  return createLocks({
    sql: workspace.sql,
    reach: createLiveReach(workspace.sql),
    store,
    wire,
    times: all,
    now: () => new Date(),
  })
}
const at = (tabId: string = Bun.randomUUIDv7()) => ({ conversationId, tabId })
const fenceInPostgres = async () => {
  const [row] = await workspace.sql<{ fence: number }[]>`
    select fence::int from conversation_locks where conversation_id = ${conversationId}`
  return row?.fence ?? 0
}

describe('a reply lock', () => {
  test('is held by one agent, and the other is told by whom and until when', async () => {
    const locks = locksOf()
    const lock = await locks.acquire(ana, at())
    expect(lock).toMatchObject({ conversationId, holder: { id: ana.id, name: 'Ana' }, fence: 1 })
    const leftMs = Date.parse(lock.expiresAt) - Date.now()
    expect(leftMs).toBeGreaterThan(28_000)
    expect(leftMs).toBeLessThanOrEqual(30_000)
    await expect(locks.acquire(ben, at())).rejects.toMatchObject({
      reason: 'LOCKED',
      details: { holder: { id: ana.id, name: 'Ana' }, expiresAt: expect.any(String) },
    })
    expect(await locks.list(ben)).toMatchObject([{ conversationId, fence: 1 }])
  })

  test('is given to one of many who ask at the same instant', async () => {
    const locks = locksOf()
    const agents = await Promise.all(Array.from({ length: 20 }, (_, n) => testAgent(workspace, `Agent ${n}`)))
    const outcomes = await Promise.allSettled(agents.map((agent) => locks.acquire(agent, at())))
    expect(outcomes.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
    for (const one of outcomes) if (one.status === 'rejected') expect(one.reason.reason).toBe('LOCKED')
    expect(await fenceInPostgres()).toBe(1)
  })

  test('is shared by two tabs of its holder, and lives until the last of them lets go', async () => {
    const locks = locksOf()
    const [first, second] = [at(), at()]
    const { fence } = await locks.acquire(ana, first)
    expect((await locks.acquire(ana, second)).fence).toBe(fence)
    await locks.release(ana, { ...first, fence })
    await expect(locks.acquire(ben, at())).rejects.toMatchObject({ reason: 'LOCKED' })
    await expect(locks.heartbeat(ana, { ...first, fence })).rejects.toMatchObject({ reason: 'LOCK_LOST' })
    expect((await locks.heartbeat(ana, { ...second, fence })).fence).toBe(fence)
    await locks.release(ana, { ...second, fence })
    expect((await locks.acquire(ben, at())).fence).toBe(fence + 1)
  })

  test('is shared by two tabs that ask at the same instant', async () => {
    const locks = locksOf()
    const taken = await Promise.all(Array.from({ length: 5 }, () => locks.acquire(ana, at())))
    expect(new Set(taken.map((lock) => lock.fence)).size).toBe(1)
    expect(await fenceInPostgres()).toBe(taken[0]?.fence ?? 0)
  })

  test('ends by itself when its tab says nothing more, and a late heartbeat does not bring it back', async () => {
    const locks = locksOf({ ttlMs: 60 })
    const mine = at()
    const { fence } = await locks.acquire(ana, mine)
    await eventually(async () => (await locks.list(ana)).length === 0)
    await expect(locks.heartbeat(ana, { ...mine, fence })).rejects.toMatchObject({
      reason: 'LOCK_LOST',
      details: { holder: null },
    })
    expect((await locks.acquire(ben, at())).fence).toBe(fence + 1)
    await expect(locks.heartbeat(ana, { ...mine, fence })).rejects.toMatchObject({
      reason: 'LOCK_LOST',
      details: { holder: { name: 'Ben' } },
    })
  })

  test('lives on through heartbeats', async () => {
    const locks = locksOf({ ttlMs: 300 })
    const mine = at()
    const { fence } = await locks.acquire(ana, mine)
    const until = performance.now() + 900
    await eventually(async () => {
      await locks.heartbeat(ana, { ...mine, fence })
      return performance.now() > until
    })
    expect(await locks.list(ana)).toHaveLength(1)
  })

  test('ends three seconds after its tab has left, and a reload keeps it', async () => {
    const locks = locksOf({ leaveMs: 80 })
    const mine = at()
    const { fence } = await locks.acquire(ana, mine)
    await locks.leave(ana, mine)
    expect((await locks.acquire(ana, mine)).fence).toBe(fence)
    const [kept] = await locks.list(ana)
    expect(Date.parse(kept?.expiresAt ?? '') - Date.now()).toBeGreaterThan(25_000)
    await locks.leave(ana, mine)
    await eventually(async () => (await locks.list(ana)).length === 0)
    expect(await locksOf().acquire(ben, at())).toMatchObject({ fence: fence + 1 })
  })

  test('is out of reach for agents of other teams, and not for administrators', async () => {
    const locks = locksOf()
    const dan = await testAgent(workspace, 'Dan', { isInTeam: false })
    const carla = await testAgent(workspace, 'Carla', { isInTeam: false, role: 'administrator' })
    const { fence } = await locks.acquire(ana, at())
    const mine = { ...at(), fence }
    for (const attempt of [
      () => locks.acquire(dan, mine),
      () => locks.takeover(dan, mine),
      () => locks.heartbeat(dan, mine),
      () => locks.release(dan, mine),
      () => locks.handOver(dan, { conversationId, text: 'x' }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ reason: 'NOT_FOUND' })
    }
    expect(await locks.list(dan)).toEqual([])
    expect(await locks.takeover(carla, mine)).toMatchObject({ holder: { name: 'Carla' }, fence: fence + 1 })
  })
})

describe('a takeover', () => {
  test('gives the lock to the other, tells everybody who lost it, and stands in the trail', async () => {
    const locks = locksOf()
    const mine = at()
    const { fence } = await locks.acquire(ana, mine)
    const taken = await locks.takeover(ben, at())
    expect(taken).toMatchObject({ fence: fence + 1, holder: { name: 'Ben' } })
    const told = await eventually(() => heard.find((one) => one.t === 'lock' && one.change === 'taken_over'))
    expect(told).toMatchObject({ id: conversationId, holder: { id: ben.id }, previous: { id: ana.id } })
    await expect(locks.heartbeat(ana, { ...mine, fence })).rejects.toMatchObject({
      details: { holder: { id: ben.id } },
    })
    expect(await readTrail(workspace.sql, conversationId)).toMatchObject([
      { action: 'lock.taken_over', actor: { name: 'Ben' }, details: { fence: 2, from: { name: 'Ana' } } },
    ])
  })

  test('lets the one who lost it hand over the draft, and nobody else', async () => {
    const locks = locksOf()
    await locks.acquire(ana, at())
    await locks.takeover(ben, at())
    await locks.handOver(ana, { conversationId, text: 'Half an answ' })
    const draft = await eventually(() => heard.find((one) => one.t === 'draft'))
    expect(draft).toMatchObject({ to: ben.id, from: { name: 'Ana' }, text: 'Half an answ' })
    await expect(locks.handOver(ben, { conversationId, text: 'x' })).rejects.toMatchObject({
      reason: 'WRONG_STATE',
    })
  })

  test('by many at the same instant leaves one holder, whose fence is the current one', async () => {
    const locks = [locksOf(), locksOf(), locksOf()]
    const agents = await Promise.all(Array.from({ length: 12 }, (_, n) => testAgent(workspace, `Agent ${n}`)))
    await locksOf().acquire(ana, at())
    const outcomes = await Promise.allSettled(
      agents.map((agent, n) => (locks[n % 3] ?? locksOf()).takeover(agent, at())),
    )
    const [held] = await locksOf().list(ana)
    expect(held?.fence).toBe(await fenceInPostgres())
    const won = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    expect(won).toHaveLength(12)
    expect(won.map((lock) => lock.fence).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, n) => n + 2),
    )
    expect(won.find((lock) => lock.fence === 13)?.holder).toEqual(held?.holder)
  })
})

describe('when Redis', () => {
  test('was emptied, fences go on rising', async () => {
    const locks = locksOf()
    const mine = at()
    expect((await locks.acquire(ana, mine)).fence).toBe(1)
    await redis.flushdb()
    await expect(locks.heartbeat(ana, { ...mine, fence: 1 })).rejects.toMatchObject({ reason: 'LOCK_LOST' })
    expect((await locks.acquire(ben, at())).fence).toBe(2)
    await redis.flushdb()
    expect((await locks.takeover(ana, mine)).fence).toBe(3)
  })

  test('forgot the scripts, they are sent again', async () => {
    const locks = locksOf()
    await redis.script('FLUSH')
    const mine = at()
    const { fence } = await locks.acquire(ana, mine)
    await redis.script('FLUSH')
    expect((await locks.heartbeat(ana, { ...mine, fence })).fence).toBe(fence)
  })

  test('is away, a lock can not be had, which is said in plain words', async () => {
    const gone = connectRedis(redisUrl, log)
    await eventually(() => gone.status === 'ready')
    gone.disconnect()
    const locks = locksOf({}, gone)
    const mine = { ...at(), fence: 1 }
    for (const attempt of [() => locks.acquire(ana, mine), () => locks.heartbeat(ana, mine)]) {
      await expect(attempt()).rejects.toMatchObject({ reason: 'UNAVAILABLE' })
    }
    expect(await locks.batonOf(ana, conversationId, 7)).toEqual({ fence: 7 })
    expect(await locks.batonOf(ana, conversationId, null)).toEqual({ nobodyElseAtMs: null })
  })
})

test('a claim whose process died before its fence blocks others for the life of a claim only', async () => {
  const times = { ...LOCK_TIMES, claimMs: 80 }
  const store = createLockStore(redis, times)
  const place = { workspaceId: workspace.workspaceId, conversationId, channelId: workspace.channelId }
  const nonce = Bun.randomUUIDv7()
  await store.claim(place, { agent: ana, tabId: Bun.randomUUIDv7(), nonce, isTakeover: false })
  await expect(locksOf().acquire(ben, at())).rejects.toMatchObject({ reason: 'LOCKED' })
  const lock = await eventually(() => locksOf().acquire(ben, at()))
  expect(lock).toMatchObject({ fence: 1, holder: { id: ben.id } })
  expect(await store.confirm(place, { nonce, fence: 9, tabId: 'x' })).toBe(false)
  expect(await locksOf().list(ana)).toMatchObject([{ fence: 1, holder: { id: ben.id } }])
})
