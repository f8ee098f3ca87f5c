import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { post } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { between, type Chance, pick, seededChance } from '../simulate/chance.ts'
import { type Cut, type CutPlan, CuttingProxy } from './following/cuttingProxy.ts'
import { eventsSeenBy } from './following/seenBy.ts'
import type { Subscriber } from './following/subscriber.ts'
import { anotherText, busy, introduce } from './following/traffic.ts'
import { flawsOfTabs, newestFor, openTab, type Watcher, watcherOf } from './following/watchers.ts'
import { type Stack, startStack } from './stack.ts'

/** `FEED_CUTS_SEED` repeats what a failure printed. */
const SEED = Number(process.env.FEED_CUTS_SEED ?? Math.floor(Math.random() * 1e9))
/** One tab for each, and an agent may have 50 sockets. */
const EVENTS = 60
const WITHIN = { withinMs: 20_000 }
const AGENTS = ['ana@demo.baton', 'ben@demo.baton', 'carla@demo.baton']

type Tab = { name: string; watcher: Watcher; tab: Subscriber; proxy: CuttingProxy }

let stack: Stack
let database: DatabaseClient
let chance: Chance
let watchers: Watcher[]
let tabs: Tab[] = []

beforeAll(async () => {
  stack = await startStack()
  database = openDatabase(stack.databaseUrl, { connections: 2 })
  await introduce(stack.url, database.sql)
})
afterAll(async () => {
  await database.close()
  await stack.stop()
})
beforeEach(async () => {
  chance = seededChance(SEED)
  watchers = await Promise.all(AGENTS.map((email) => watcherOf(stack.url, email)))
})
afterEach(async () => {
  for (const { proxy } of tabs) proxy.close()
  await Promise.all(tabs.map(({ tab }) => tab.close()))
  await Promise.all(watchers.map(({ session }) => session.close()))
  tabs = []
})

/** A tab whose connections are cut as planned. */
async function openCut(watcher: Watcher, plan: CutPlan, falsify?: (cursor: number) => number): Promise<Tab> {
  const proxy = await CuttingProxy.open(stack.url, plan)
  const tab = openTab(watcher, { via: proxy.url, origin: stack.url, ...(falsify && { falsify }) })
  const [first] = plan.cuts
  const ways = `${plan.cuts.length} cuts, the first ${JSON.stringify(first ?? null)}`
  const opened = { name: `seed ${SEED}, tab ${tabs.length} (${watcher.email}, ${ways})`, watcher, tab, proxy }
  tabs.push(opened)
  return opened
}

/** One that is cut at the border of this frame, or within it. */
const cutAt = (where: 'border' | 'inside', frame: number): Cut => ({
  frame,
  share: where === 'border' ? 1 : chance(),
  ending: pick(chance, ['closed', 'reset', 'unnoticed']),
})

/** A tab for every frame, cut once at it; and one that is cut wherever it gets: each of its connections brings a single event. */
async function openTabs(where: 'border' | 'inside'): Promise<void> {
  const frames = Array.from({ length: EVENTS + 1 }, (_, index) => index + 1)
  await Promise.all(frames.map((frame) => openCut(watcherFor(frame), { cuts: [cutAt(where, frame)] })))
  const [count, frame] = where === 'border' ? [EVENTS, 2] : [EVENTS - 1, 3]
  const always = () => ({ ...cutAt(where, frame), ending: pick(chance, ['closed', 'reset'] as const) })
  await openCut(watcherFor(0), { cuts: Array.from({ length: count }, always) })
}

function watcherFor(index: number): Watcher {
  const watcher = watchers[index % watchers.length]
  if (!watcher) throw new Error('Nobody has signed in')
  return watcher
}

const stored = async (count: number) => {
  const ana = watcherFor(0)
  return (await eventsSeenBy(database.sql, ana.email, ana.cursor)).length === count
}

/** All cuts made, and everybody told of one more event after them: what is missing now will never come. */
async function settle(): Promise<void> {
  await eventually(() => tabs.every(({ proxy }) => proxy.isDone), {
    ...WITHIN,
    what: `all cuts, seed ${SEED}`,
  })
  await post(stack.url, anotherText(chance).body)
  await eventually(() => stored(EVENTS + 1), WITHIN)
  for (const watcher of watchers) {
    const newest = await newestFor(database.sql, watcher)
    const its = tabs.filter((one) => one.watcher === watcher)
    await eventually(() => its.every(({ tab }) => tab.cursor >= newest), WITHIN)
  }
}

const flaws = async () =>
  (
    await Promise.all(
      watchers.map((watcher) =>
        flawsOfTabs(
          database.sql,
          watcher,
          tabs.filter((one) => one.watcher === watcher),
        ),
      ),
    )
  ).flat()

describe('a feed that is cut at every frame', () => {
  for (const where of ['border', 'inside'] as const) {
    test(`(${where}) of what was written before, which comes in bundles, is whole, in order and without a double`, async () => {
      await busy(stack.url, database.sql, chance, EVENTS)
      await eventually(() => stored(EVENTS), WITHIN)
      await openTabs(where)
      await settle()
      expect(await flaws()).toEqual([])
    }, 60_000)

    test(`(${where}) while it happens is whole, in order and without a double`, async () => {
      await openTabs(where)
      await eventually(() => tabs.every(({ proxy }) => proxy.frames > 0), WITHIN)
      await busy(stack.url, database.sql, chance, EVENTS)
      await settle()
      expect(await flaws()).toEqual([])
      const relentless = tabs.at(-1)
      expect(relentless?.tab.sockets).toBe((relentless?.proxy.plan.cuts.length ?? 0) + 1)
    }, 60_000)
  }

  test('is not: a tab that comes back one past its cursor, or two, is caught', async () => {
    await busy(stack.url, database.sql, chance, EVENTS)
    await eventually(() => stored(EVENTS), WITHIN)
    const cut = cutAt('border', between(chance, [2, EVENTS]))
    for (const step of [1, 2]) await openCut(watcherFor(2), { cuts: [cut] }, (cursor) => cursor + step)
    // Carla sees every event, so that one past the cursor is always one of hers.
    expect(watcherFor(2).email).toBe('carla@demo.baton')
    await settle()
    for (const { name } of tabs) {
      const its = (await flaws()).filter((flaw) => flaw.startsWith(name)).join()
      expect(its).toContain('missed')
    }
  })

  test('is not: a tab whose server leaves out one frame, or steps back by one, is caught', async () => {
    await busy(stack.url, database.sql, chance, EVENTS)
    await eventually(() => stored(EVENTS), WITHIN)
    const frame = between(chance, [2, EVENTS])
    const forgetful = await openCut(watcherFor(0), { cuts: [], omit: frame })
    const repeating = await openCut(watcherFor(2), { cuts: [cutAt('border', frame)] }, (cursor) => cursor - 1)
    await settle()
    const found = await flaws()
    const of = ({ name }: Tab) => found.filter((flaw) => flaw.startsWith(name)).join()
    expect(of(forgetful)).toContain('missed')
    expect(of(forgetful)).toContain('the inbox: messages differ')
    expect(of(repeating)).toContain('was told twice')
  })
})
