import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import type { Agent } from '../inbox/agent.ts'
import { testAgent, testConversation } from '../testing/testPeople.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { createLockStore, type LockStore } from './lockStore.ts'
import { createLocks, LOCK_TIMES, type Locks } from './locks.ts'
import { createLiveReach } from './reach.ts'

/** Taking a lock when something goes wrong between its two stores. */
const wire = { tell: async () => {}, listen: () => () => {}, close: () => {} }
let workspace: TestWorkspace
let redis: Redis
let store: LockStore
let ana: Agent
let ben: Agent
let conversationId: string
/** How often a claim was made. */
let claims: number

beforeAll(async () => {
  redis = new Redis((await testRedis()).url)
  workspace = await testWorkspace()
  ;[ana, ben] = await Promise.all([testAgent(workspace, 'Ana'), testAgent(workspace, 'Ben')])
})
afterAll(async () => {
  redis.disconnect()
  await workspace.drop()
})
beforeEach(async () => {
  await redis.flushdb()
  conversationId = await testConversation(workspace)
  const real = createLockStore(redis, LOCK_TIMES)
  claims = 0
  const claim: LockStore['claim'] = (place, by) => {
    claims++
    return real.claim(place, by)
  }
  store = { ...real, claim }
})

/** Those of a process that gives up after `claimMs`; `over` is what goes wrong in its store. */
function locksOf(claimMs = LOCK_TIMES.claimMs, over: Partial<LockStore> = {}): Locks {
  const times = { ...LOCK_TIMES, claimMs }
  const reach = createLiveReach(workspace.sql)
  const parts = { sql: workspace.sql, reach, wire, times, now: () => new Date(), random: () => 0.5 }
  return createLocks({ ...parts, store: { ...store, ...over } })
}
const at = () => ({ conversationId, tabId: Bun.randomUUIDv7() })
/** As if its process had died before it had a fence. */
const claimOf = (agent: Agent) =>
  store.claim(
    { workspaceId: workspace.workspaceId, conversationId, channelId: workspace.channelId },
    { agent, tabId: Bun.randomUUIDv7(), nonce: Bun.randomUUIDv7(), isTakeover: false },
  )

test('a conversation that was erased meanwhile is not there, for who had it open too', async () => {
  const locks = locksOf()
  const { fence } = await locks.acquire(ana, at())
  await locks.release(ana, { ...at(), fence })
  await redis.flushdb()
  await workspace.sql`delete from conversation_locks where conversation_id = ${conversationId}`
  await workspace.sql`delete from conversations where id = ${conversationId}`
  await expect(locks.acquire(ana, at())).rejects.toMatchObject({ reason: 'NOT_FOUND' })
})

test('who finds a claim that waits for its fence waits a few times, longer each time, and is told to try again', async () => {
  await claimOf(ana)
  claims = 0
  const startedAtMs = performance.now()
  await expect(locksOf(90).takeover(ben, at())).rejects.toMatchObject({ reason: 'UNAVAILABLE' })
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(90)
  expect(claims).toBeWithin(2, 13)
})

test('a claim that can get no fence is withdrawn, so that nobody waits for it', async () => {
  const ghost: Agent = { ...ana, id: Bun.randomUUIDv7(), name: 'Nobody' }
  await expect(locksOf().acquire(ghost, at())).rejects.toMatchObject({ code: '23503' })
  expect(await locksOf().acquire(ben, at())).toMatchObject({ holder: { id: ben.id }, fence: 1 })
})

test('a fence whose claim is gone by then is none: the next one counts', async () => {
  let hasFailed = false
  const confirm: LockStore['confirm'] = async (place, by) => {
    if (!hasFailed) await redis.flushdb()
    hasFailed = true
    return store.confirm(place, by)
  }
  expect(await locksOf(LOCK_TIMES.claimMs, { confirm }).acquire(ana, at())).toMatchObject({ fence: 2 })
  expect(claims).toBe(2)
  expect(await locksOf().list(ben)).toMatchObject([{ conversationId, fence: 2, holder: { id: ana.id } }])
})

test('who gives up leaves no claim behind', async () => {
  const locks = locksOf(30, { confirm: async () => false })
  await expect(locks.acquire(ana, at())).rejects.toMatchObject({ reason: 'UNAVAILABLE' })
  expect(await locksOf().acquire(ben, at())).toMatchObject({ holder: { id: ben.id } })
})
