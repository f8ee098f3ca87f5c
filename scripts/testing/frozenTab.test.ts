import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { PRESENCE_TIMES } from '../../server/live/presence.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { FaultProxy } from '../chaos/faultProxy.ts'
import { type Chance, seededChance } from '../simulate/chance.ts'
import { eventsSeenBy } from './following/seenBy.ts'
import type { Subscriber } from './following/subscriber.ts'
import { busy, introduce } from './following/traffic.ts'
import { flawsOfTabs, newestFor, openTab, type Watcher, watcherOf } from './following/watchers.ts'
import { type Stack, startStack } from './stack.ts'

/** `FROZEN_TAB_MINUTES=10` is the long mode: the times of the product, and a tab that lies frozen for so long. */
const MINUTES = Number(process.env.FROZEN_TAB_MINUTES ?? 0)
const SHORT = { tabMs: 1500, leaveMs: 300, typingMs: 300 }
const TIMES = MINUTES > 0 ? PRESENCE_TIMES : SHORT
const SAY_EVERY_MS = MINUTES > 0 ? 10_000 : 300
/** Events while it is frozen; in the long mode so many again and again. */
const EVENTS = 40
const TEST_MS = MINUTES * 60_000 + 60_000

let stack: Stack
let database: DatabaseClient
let chance: Chance
let proxy: FaultProxy
let ana: Watcher
let ben: Watcher
let anasTab: Subscriber
let bensTab: Subscriber
let conversationId: string
let isFrozen: boolean
let ticking: Timer
let tabIds: { ana: string; ben: string }

beforeAll(async () => {
  stack = await startStack({ presenceTimes: TIMES })
  database = openDatabase(stack.databaseUrl, { connections: 2 })
  await introduce(stack.url, database.sql)
})
afterAll(async () => {
  await database.close()
  await stack.stop()
})
beforeEach(async () => {
  chance = seededChance(1)
  isFrozen = false
  tabIds = { ana: Bun.randomUUIDv7(), ben: Bun.randomUUIDv7() }
  proxy = await FaultProxy.open(stack.env.port)
  ;[ana, ben] = await Promise.all([
    watcherOf(stack.url, 'ana@demo.baton'),
    watcherOf(stack.url, 'ben@demo.baton'),
  ])
  anasTab = openTab(ana, { via: proxy.via(stack.url).replace(/\/$/, ''), origin: stack.url })
  bensTab = openTab(ben, { via: stack.url, origin: stack.url })
  conversationId = [...ana.inbox.conversations.keys()][0] ?? ''
  anasTab.attend(tabIds.ana, sayThatTheyAreHere)
  bensTab.attend(tabIds.ben, sayThatTheyAreHere)
  ticking = setInterval(sayThatTheyAreHere, SAY_EVERY_MS)
  await eventually(() => isHere('Ana') && isHere('Ben'))
})
afterEach(async () => {
  clearInterval(ticking)
  proxy.setWeather({ kind: 'fair' })
  await Promise.all([anasTab.close(), bensTab.close()])
  await Promise.all([ana.session.close(), ben.session.close()])
  proxy.close()
})

/** As tabs do, each on its own socket. One that is frozen says nothing, and its timers stand still. */
function sayThatTheyAreHere(): void {
  const say = (tab: Subscriber, tabId: string) =>
    tab.trpc.presence.join.mutate({ tabId, conversationId, isAway: false }).catch(() => {})
  void say(bensTab, tabIds.ben)
  if (!isFrozen) void say(anasTab, tabIds.ana)
}

/** How an agent is, by what Ben was told. */
function stateOf(name: string): string {
  let state = 'offline'
  for (const item of bensTab.presence) {
    if (item.type === 'state') state = item.agents.find((one) => one.agent.name === name)?.state ?? 'offline'
    if (item.type === 'agent' && item.agent.name === name) state = item.state
  }
  return state
}

function viewers(): string[] {
  let names: string[] = []
  for (const item of bensTab.presence) {
    const views = item.type === 'state' ? item.viewers : item.type === 'viewers' ? [item] : []
    const its = views.find((one) => one.conversationId === conversationId)
    if (item.type === 'state' || its) names = (its?.agents ?? []).map((agent) => agent.name)
  }
  return names.toSorted()
}

const isHere = (name: string) => stateOf(name) === 'online' && viewers().includes(name)

function freeze(): void {
  isFrozen = true
  proxy.setWeather({ kind: 'frozen' })
}

function thaw(): void {
  isFrozen = false
  proxy.setWeather({ kind: 'fair' })
  sayThatTheyAreHere()
}

/** Within two of its times to live, nobody takes it for somebody who is there; those who are there stay. */
async function isSeenToLeave(frozenAt: number): Promise<void> {
  const toldBefore = bensTab.presence.length
  await eventually(() => stateOf('Ana') === 'offline' && !viewers().includes('Ana'), {
    withinMs: 3 * TIMES.tabMs,
  })
  expect(performance.now() - frozenAt).toBeLessThan(2 * TIMES.tabMs)
  const toldSince = bensTab.presence.slice(toldBefore)
  const bens = toldSince.filter((item) => item.type === 'agent' && item.agent.name === 'Ben')
  expect(bens.filter((item) => item.type === 'agent' && item.state !== 'online')).toEqual([])
}

/** Things happen while it lies there: at once, or for as long as the long mode lasts. */
async function happenFor(frozenAt: number): Promise<void> {
  const until = frozenAt + MINUTES * 60_000
  let written = 0
  do {
    await busy(stack.url, database.sql, chance, EVENTS)
    written += EVENTS
    await eventually(async () => (await eventsSeenBy(database.sql, ben.email, ben.cursor)).length === written)
    const round = performance.now()
    if (MINUTES > 0) await eventually(() => performance.now() - round > 15_000, { withinMs: 30_000 })
  } while (performance.now() < until)
}

async function isTold(): Promise<void> {
  const newest = await newestFor(database.sql, ben)
  await eventually(() => anasTab.cursor >= newest && bensTab.cursor >= newest, { withinMs: 20_000 })
  expect(await flawsOfTabs(database.sql, ana, [{ name: 'Ana', tab: anasTab }])).toEqual([])
  expect(await flawsOfTabs(database.sql, ben, [{ name: 'Ben', tab: bensTab }])).toEqual([])
}

describe('a tab that freezes', () => {
  test(
    'is gone for the others within two of its times to live, and goes on whole when it thaws',
    async () => {
      const before = anasTab.items.length
      freeze()
      const frozenAt = performance.now()
      const happening = happenFor(frozenAt)
      await isSeenToLeave(frozenAt)
      await happening
      expect(anasTab.items.length).toBe(before)
      thaw()
      await isTold()
      await eventually(() => isHere('Ana'))
      if (MINUTES === 0) expect(anasTab.sockets).toBe(1)
    },
    TEST_MS,
  )

  test(
    'and whose connection died meanwhile comes back with its cursor, and is whole',
    async () => {
      freeze()
      const frozenAt = performance.now()
      const happening = happenFor(frozenAt)
      await isSeenToLeave(frozenAt)
      await happening
      proxy.setWeather({ kind: 'reset', afterBytes: () => 700 })
      await eventually(() => anasTab.sockets > 1)
      thaw()
      await isTold()
      await eventually(() => isHere('Ana'))
    },
    TEST_MS,
  )
})
