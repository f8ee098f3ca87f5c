import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import type { Agent } from '../inbox/agent.ts'
import { createLog } from '../log.ts'
import { eventually } from '../testing/eventually.ts'
import { testAgent, testConversation } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { type Access, createAccessWatch } from './accessWatch.ts'
import type { LiveMessage } from './liveMessage.ts'
import { createLockStore } from './lockStore.ts'
import { createLocks, LOCK_TIMES } from './locks.ts'
import { createPresence, PRESENCE_TIMES, type PresenceTimes } from './presence.ts'
import type { PresenceItem } from './presenceItem.ts'
import { createLiveReach } from './reach.ts'
import { createTabStore } from './tabStore.ts'
import { createLiveWire } from './wire.ts'

const log = createLog({ level: 'silent', name: 'test' })
let workspace: TestWorkspace
let redisUrl: string
let redis: Redis
let ana: Agent
let ben: Agent
let conversationId: string
/** What each session may see; null once it has ended. A test changes it by hand. */
let access: Map<string, Access | null>
const stops: (() => void)[] = []

beforeAll(async () => {
  redisUrl = (await testRedis()).url
  redis = new Redis(redisUrl)
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
  access = new Map([ana, ben].map((agent) => [agent.id, { agent, reach: reachTo([workspace.channelId]) }]))
})
afterEach(() => {
  for (const stop of stops.splice(0).reverse()) stop()
})

const sessionOf = (agent: Agent) => ({ kind: 'session' as const, sessionId: agent.id })

/** What one server process holds of presence and locks. */
function startProcess(times: Partial<PresenceTimes> = {}) {
  const commands = new Redis(redisUrl)
  const subscriber = new Redis(redisUrl)
  const wire = createLiveWire(commands, subscriber, log)
  const reach = createLiveReach(workspace.sql)
  const lockStore = createLockStore(commands, LOCK_TIMES)
  const watch = createAccessWatch(
    async (credentials) =>
      credentials.map((one) => (one.kind === 'session' ? access.get(one.sessionId) : null) ?? null),
    log,
  )
  const presence = createPresence({
    tabStore: createTabStore(commands),
    wire,
    lockStore,
    access: watch,
    reach,
    log,
    times: { ...PRESENCE_TIMES, ...times },
  })
  const locks = createLocks({ sql: workspace.sql, reach, store: lockStore, wire, now: () => new Date() })
  stops.push(() => {
    presence.close()
    watch.close()
    wire.close()
    commands.disconnect()
    subscriber.disconnect()
  })
  return { presence, locks, wire, commands, subscriber }
}
type Process = ReturnType<typeof startProcess>

function follow({ presence }: Process, agent: Agent, tabId: string | null = null) {
  const items: PresenceItem[] = []
  const leave = new AbortController()
  stops.push(() => leave.abort())
  let isOver = false
  const run = async () => {
    const subscriber = { agent, credential: sessionOf(agent), tabId, signal: leave.signal }
    for await (const item of presence.follow(subscriber)) items.push(item)
    isOver = true
  }
  void run()
  const last = <Type extends PresenceItem['type']>(type: Type) =>
    items.findLast((item): item is Extract<PresenceItem, { type: Type }> => item.type === type)
  return { items, last, leave, isOver: () => isOver, state: () => eventually(() => last('state')) }
}
const tab = () => Bun.randomUUIDv7()
const names = (agents: { name: string }[] | undefined) => (agents ?? []).map((agent) => agent.name).toSorted()

describe('presence', () => {
  test('shows who looks at a conversation, across processes, each agent once', async () => {
    const [one, two] = [startProcess(), startProcess()]
    const bens = follow(two, ben)
    await bens.state()
    const [first, second] = [tab(), tab()]
    await one.presence.join(ana, { tabId: first, conversationId, isAway: false })
    await two.presence.join(ana, { tabId: second, conversationId, isAway: false })
    await eventually(() => bens.last('agent')?.state === 'online')
    expect(bens.last('viewers')).toMatchObject({ conversationId, agents: [{ id: ana.id, name: 'Ana' }] })
    await one.presence.leave(ana, first)
    await one.presence.join(ana, { tabId: second, conversationId: null, isAway: false })
    await eventually(() => bens.last('viewers')?.agents.length === 0)
    expect(bens.last('agent')).toMatchObject({ agent: { id: ana.id }, state: 'online' })
    await two.presence.leave(ana, second)
    await eventually(() => bens.last('agent')?.state === 'offline')
  })

  test('is told whole to who comes later', async () => {
    const process = startProcess()
    await process.presence.join(ana, { tabId: tab(), conversationId, isAway: true })
    const { fence } = await process.locks.acquire(ana, { conversationId, tabId: tab() })
    const state = await follow(startProcess(), ben).state()
    expect(state).toMatchObject({
      locks: [{ conversationId, holder: { id: ana.id, name: 'Ana' }, fence }],
      viewers: [{ conversationId, agents: [{ id: ana.id }] }],
      agents: [{ agent: { id: ana.id }, state: 'away' }],
    })
  })

  test('calls an agent away only when every tab is', async () => {
    const process = startProcess()
    const bens = follow(process, ben)
    await bens.state()
    const [first, second] = [tab(), tab()]
    await process.presence.join(ana, { tabId: first, conversationId: null, isAway: false })
    await process.presence.join(ana, { tabId: second, conversationId: null, isAway: true })
    await eventually(() => bens.last('agent')?.state === 'online')
    await process.presence.join(ana, { tabId: first, conversationId: null, isAway: true })
    await eventually(() => bens.last('agent')?.state === 'away')
  })

  test('ends with the socket, and not when the tab has another one, on another process too', async () => {
    const [one, two] = [startProcess({ leaveMs: 60 }), startProcess({ leaveMs: 60 })]
    const bens = follow(two, ben)
    const tabId = tab()
    const anasFirst = follow(one, ana, tabId)
    await Promise.all([bens.state(), anasFirst.state()])
    await one.presence.join(ana, { tabId, conversationId, isAway: false })
    await eventually(() => bens.last('agent')?.state === 'online')
    const anasSecond = follow(two, ana, tabId)
    await anasSecond.state()
    const ends: number[] = []
    const hear = (message: LiveMessage) => void (message.t === 'tabEnds' && ends.push(message.ms))
    stops.push(one.wire.listen(workspace.workspaceId, { hear, connected: () => {} }))
    anasFirst.leave.abort()
    await eventually(() => ends.length === 2)
    expect(ends).toEqual([60, PRESENCE_TIMES.tabMs])
    expect(bens.last('agent')?.state).toBe('online')
    anasSecond.leave.abort()
    await eventually(() => bens.last('agent')?.state === 'offline')
    expect(bens.last('viewers')?.agents).toEqual([])
  })

  test('of a frozen tab ends by itself', async () => {
    const process = startProcess({ tabMs: 80 })
    const bens = follow(startProcess(), ben)
    await bens.state()
    await process.presence.join(ana, { tabId: tab(), conversationId, isAway: false })
    await eventually(() => bens.last('agent')?.state === 'online')
    await eventually(() => bens.last('agent')?.state === 'offline')
  })

  test('of a frozen tab is seen again when it thaws, also when its socket broke in between', async () => {
    const process = startProcess({ tabMs: 80, leaveMs: 60_000 })
    const bens = follow(startProcess(), ben)
    const tabId = tab()
    const anas = follow(process, ana, tabId)
    await Promise.all([bens.state(), anas.state()])
    await process.presence.join(ana, { tabId, conversationId, isAway: false })
    await eventually(() => bens.last('agent')?.state === 'online')
    await eventually(() => bens.last('agent')?.state === 'offline')
    anas.leave.abort()
    await eventually(() => anas.isOver())
    expect((await follow(startProcess(), ben).state()).agents).toEqual([])
    await process.presence.join(ana, { tabId, conversationId, isAway: false })
    await eventually(() => bens.last('agent')?.state === 'online')
    expect(names(bens.last('viewers')?.agents)).toEqual(['Ana'])
  })

  test('of a conversation out of reach cannot be claimed', async () => {
    const dan = await testAgent(workspace, 'Dan', { isInTeam: false })
    const { presence } = startProcess()
    const at = { tabId: tab(), conversationId }
    await expect(presence.join(dan, { ...at, isAway: false })).rejects.toMatchObject({ reason: 'NOT_FOUND' })
    await expect(presence.typing(dan, { ...at, isTyping: true })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    })
  })
})

describe('typing', () => {
  test('is seen by colleagues at once, and ends with a word, with the answer, with the tab, or by itself', async () => {
    const [one, two] = [startProcess({ typingMs: 300 }), startProcess()]
    const bens = follow(two, ben)
    await bens.state()
    const at = { tabId: tab(), conversationId }
    const type = async (isTyping: boolean) => one.presence.typing(ana, { ...at, isTyping })
    const seen = () => names(bens.last('typing')?.agents)
    await one.presence.join(ana, { ...at, isAway: false })
    for (const end of [
      () => type(false),
      async () => one.presence.hasSent(ana, conversationId),
      () => one.presence.leave(ana, at.tabId),
      async () => {},
    ]) {
      await type(true)
      await eventually(() => seen().includes('Ana'))
      await end()
      await eventually(() => seen().length === 0)
    }
  })
})

describe('a subscriber', () => {
  test('is told of every change of a lock, and of heartbeats only while its tab shows the conversation', async () => {
    const process = startProcess()
    const [anas, tabId] = [follow(process, ana), tab()]
    const bens = follow(process, ben, tabId)
    await Promise.all([anas.state(), bens.state()])
    const mine = { conversationId, tabId: tab() }
    const { fence } = await process.locks.acquire(ana, mine)
    await eventually(() => bens.last('lock')?.change === 'acquired')
    await process.locks.heartbeat(ana, { ...mine, fence })
    await process.presence.join(ben, { tabId, conversationId, isAway: false })
    await eventually(() => bens.last('lock')?.change === 'renewed')
    await process.locks.takeover(ben, { conversationId, tabId })
    await eventually(() => anas.last('lock')?.change === 'taken_over')
    expect(anas.last('lock')).toMatchObject({
      lock: { fence: fence + 1, holder: { id: ben.id } },
      previous: { id: ana.id },
    })
    await process.locks.handOver(ana, { conversationId, text: 'Half an answ' })
    await eventually(() => bens.last('draft')?.text === 'Half an answ')
    await process.locks.release(ben, { conversationId, tabId, fence: fence + 1 })
    await eventually(() => anas.last('lock')?.change === 'released')
    expect(anas.items.some((item) => item.type === 'draft')).toBe(false)
    expect(anas.items.some((item) => item.type === 'lock' && item.change === 'renewed')).toBe(false)
  })

  test('is told that a lock has ended when nobody says so', async () => {
    const process = startProcess()
    const bens = follow(process, ben)
    await bens.state()
    const times = { ...LOCK_TIMES, ttlMs: 80 }
    const store = createLockStore(process.commands, times)
    const wire = { tell: async () => {}, listen: () => () => {}, close: () => {} }
    const reach = createLiveReach(workspace.sql)
    const short = createLocks({ sql: workspace.sql, reach, store, wire, times, now: () => new Date() })
    await short.acquire(ana, { conversationId, tabId: tab() })
    await eventually(() => bens.last('lock')?.change === 'expired')
    expect(bens.last('lock')).toMatchObject({ lock: null, previous: { id: ana.id } })
  })

  test('sees nothing of channels out of reach, and all of it as soon as they are in reach', async () => {
    const process = startProcess()
    access.set(ben.id, { agent: ben, reach: reachTo([]) })
    const bens = follow(process, ben)
    expect(await bens.state()).toMatchObject({ locks: [], viewers: [] })
    await process.presence.join(ana, { tabId: tab(), conversationId, isAway: false })
    await process.locks.acquire(ana, { conversationId, tabId: tab() })
    await eventually(() => bens.last('agent')?.state === 'online')
    expect(bens.items.filter((item) => item.type === 'lock' || item.type === 'viewers')).toEqual([])
    access.set(ben.id, { agent: ben, reach: reachTo([workspace.channelId]) })
    await eventually(() => bens.last('state')?.locks.length === 1)
    expect(bens.last('state')?.viewers).toHaveLength(1)
  })

  test('whose session has ended is told nothing more within a second, and gives back its lock', async () => {
    const process = startProcess()
    const tabId = tab()
    const anas = follow(process, ana, tabId)
    const bens = follow(process, ben)
    await Promise.all([anas.state(), bens.state()])
    await process.presence.join(ana, { tabId, conversationId, isAway: false })
    await process.locks.acquire(ana, { conversationId, tabId })
    await eventually(() => bens.last('lock')?.change === 'acquired')
    access.set(ana.id, null)
    const since = performance.now()
    await eventually(() => anas.isOver())
    expect(performance.now() - since).toBeLessThan(1000)
    await eventually(() => bens.last('lock')?.change === 'released')
  })

  test('is told the state anew after Redis was away, and what happened meanwhile', async () => {
    const [one, two] = [startProcess(), startProcess()]
    const bens = follow(one, ben)
    await bens.state()
    // Nothing reaches the first process while its subscription is gone.
    one.subscriber.disconnect()
    await eventually(() => one.subscriber.status === 'end')
    await two.presence.join(ana, { tabId: tab(), conversationId, isAway: false })
    await two.locks.acquire(ana, { conversationId, tabId: tab() })
    expect(bens.items).toHaveLength(1)
    await one.subscriber.connect()
    await eventually(() => bens.last('lock')?.change === 'acquired')
    expect(names(bens.last('viewers')?.agents)).toEqual(['Ana'])
  })

  test('that does not read is told how things are now, not everything that was', async () => {
    const process = startProcess()
    const hold = Promise.withResolvers<void>()
    const items: PresenceItem[] = []
    const leave = new AbortController()
    stops.push(() => leave.abort())
    const subscriber = {
      agent: ben,
      credential: sessionOf(ben),
      tabId: null,
      signal: leave.signal,
      whenDrained: () => hold.promise,
    }
    void (async () => {
      for await (const item of process.presence.follow(subscriber)) items.push(item)
    })()
    await eventually(() => items.length === 1)
    const watcher = follow(process, ana)
    await watcher.state()
    const tabId = tab()
    for (let round = 0; round < 100; round++) {
      await process.presence.join(ana, { tabId, conversationId, isAway: round % 2 === 0 })
    }
    await eventually(() => watcher.items.length > 100)
    expect(items).toHaveLength(1)
    hold.resolve()
    await eventually(() => items.length >= 3)
    expect(items.length).toBeLessThan(10)
    expect(items.findLast((item) => item.type === 'agent')).toMatchObject({ state: 'online' })
  })
})
