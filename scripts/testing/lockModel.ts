import fc from 'fast-check'
import { Refusal } from '../../server/inbox/refusal.ts'
import type { LockSnapshot } from '../../server/live/presenceItem.ts'
import type { LockRig, Stalled, StallPoint } from './lockRig.ts'

/** What should be so, as simply as it can be said. */
export type Model = {
  /** The last fence given out, and to whom. */
  fence: number
  writer: number | null
  lock: { agent: number; fence: number; tabs: Set<string> } | null
  /** Who has claimed the lock and waits for a fence. */
  claim: number | null
  /** The fence that each agent was given last. */
  knows: Map<number, number>
  stalled: number
}

/** The same, as it is. */
export type Real = {
  rig: LockRig
  conversationId: string
  stalled: Stalled[]
  /** By fence: the agents whose sends were written with it. */
  writers: Map<number, Set<number>>
}

type Command = fc.AsyncCommand<Model, Real>

const TABS = ['0190a000-0000-7000-8000-000000000001', '0190a000-0000-7000-8000-000000000002'] as const
const who = fc.record({
  agent: fc.nat(2),
  tab: fc.constantFrom(...TABS),
  process: fc.nat(1),
})
type Who = { agent: number; tab: string; process: number }

/** Everything that agents, time, crashes and sleeping processes do to a lock. */
export function commands(maxCommands: number) {
  return fc.commands(
    [
      who.map((one) => take('acquire', one)),
      who.map((one) => take('takeover', one)),
      who.map(heartbeat),
      who.map(release),
      fc.nat(2).map(send),
      fc.nat(2).map(send),
      fc.nat(2).map(sendWithoutLock),
      fc.constantFrom(...TABS).map(tabRunsOut),
      fc.constant(command('the lock runs out', (m) => m.lock !== null, lockRunsOut)),
      fc.constant(command('the claim runs out', (m) => m.claim !== null, claimRunsOut)),
      fc.constant(command('Redis is emptied', () => true, empty)),
      fc.array(who, { minLength: 2, maxLength: 5 }).map(race),
      fc.tuple(who, fc.constantFrom('after the claim', 'before the fence is set'), fc.boolean()).map(stall),
      fc.constant(command('one wakes up', (m) => m.stalled > 0, wakeUp)),
    ],
    { maxCommands },
  )
}

/** Redis is killed and comes back: rarely, because that takes a while. */
export const kill: Command = command(
  'Redis is killed',
  () => true,
  (_, { rig }) => rig.killRedis(),
)

function take(verb: 'acquire' | 'takeover', { agent, tab, process }: Who): Command {
  return command(
    `${verb} by ${agent} in ${tab.at(-1)}`,
    () => true,
    async (m, { rig, conversationId }) => {
      const outcome = await said(() =>
        rig.locks(process)[verb](rig.agent(agent), { conversationId, tabId: tab }),
      )
      if (m.claim !== null) {
        same(outcome, verb === 'acquire' && m.claim !== agent ? 'LOCKED' : 'UNAVAILABLE')
      } else if (m.lock?.agent === agent) {
        same(outcome, m.lock.fence)
        m.lock.tabs.add(tab)
        m.knows.set(agent, m.lock.fence)
      } else if (m.lock && verb === 'acquire') {
        same(outcome, 'LOCKED')
      } else {
        same(outcome, m.fence + 1)
        m.fence++
        m.writer = agent
        m.lock = { agent, fence: m.fence, tabs: new Set([tab]) }
        m.knows.set(agent, m.fence)
      }
    },
  )
}

function heartbeat({ agent, tab, process }: Who): Command {
  const knowsOne = (m: Readonly<Model>) => m.knows.has(agent)
  return command(`heartbeat of ${agent} in ${tab.at(-1)}`, knowsOne, async (m, { rig, conversationId }) => {
    const fence = m.knows.get(agent) ?? 0
    const beat = { conversationId, tabId: tab, fence }
    const outcome = await said(() => rig.locks(process).heartbeat(rig.agent(agent), beat))
    const lives = m.lock?.agent === agent && m.lock.fence === fence && m.lock.tabs.has(tab)
    same(outcome, lives ? fence : 'LOCK_LOST')
  })
}

function release({ agent, tab, process }: Who): Command {
  const knowsOne = (m: Readonly<Model>) => m.knows.has(agent)
  return command(`release of ${agent} in ${tab.at(-1)}`, knowsOne, async (m, { rig, conversationId }) => {
    const fence = m.knows.get(agent) ?? 0
    await rig.locks(process).release(rig.agent(agent), { conversationId, tabId: tab, fence })
    if (m.lock?.agent !== agent || m.lock.fence !== fence) return
    m.lock.tabs.delete(tab)
    if (m.lock.tabs.size === 0) m.lock = null
  })
}

function send(agent: number): Command {
  const knowsOne = (m: Readonly<Model>) => m.knows.has(agent)
  return command(`send of ${agent}`, knowsOne, async (m, { rig, conversationId, writers }) => {
    const fence = m.knows.get(agent) ?? 0
    const outcome = await rig.send(conversationId, agent, { fence })
    const isTheirs = m.fence === fence && m.writer === agent
    if (outcome === 'written') writers.set(fence, (writers.get(fence) ?? new Set()).add(agent))
    same(outcome, isTheirs ? 'written' : 'LOCK_LOST')
  })
}

function sendWithoutLock(agent: number): Command {
  return command(
    `send of ${agent} without the lock`,
    () => true,
    async (m, { rig, conversationId }) => {
      const baton = await rig.locks(0).batonOf(rig.agent(agent), conversationId, null)
      const outcome = await rig.send(conversationId, agent, baton)
      if (m.lock) same(outcome, m.lock.agent === agent ? 'written' : 'LOCKED')
    },
  )
}

function tabRunsOut(tab: string): Command {
  const hasIt = (m: Readonly<Model>) => m.lock?.tabs.has(tab) ?? false
  return command(`tab ${tab.at(-1)} runs out`, hasIt, async (m, { rig, conversationId }) => {
    m.lock?.tabs.delete(tab)
    // The key lives as long as the last of its tabs.
    if (m.lock?.tabs.size === 0) m.lock = null
    await (m.lock ? rig.tabRunsOut(conversationId, tab) : rig.runOut(conversationId))
  })
}

async function lockRunsOut(m: Model, { rig, conversationId }: Real): Promise<void> {
  m.lock = null
  await rig.runOut(conversationId)
}

async function claimRunsOut(m: Model, { rig, conversationId }: Real): Promise<void> {
  m.claim = null
  await rig.runOut(conversationId)
}

async function empty(m: Model, { rig }: Real): Promise<void> {
  m.lock = null
  m.claim = null
  await rig.empty()
}

/** Several at the same instant. Nobody can say who wins; whoever does was given a fence of their own. */
function race(all: Who[]): Command {
  const names = all.map((one) => one.agent).join(', ')
  return command(
    `${names} at once`,
    (m) => m.claim === null,
    async (m, real) => {
      const { rig, conversationId } = real
      const outcomes = await Promise.all(
        all.map(async ({ agent, tab, process }, index) => {
          const verb = index % 2 === 0 ? 'takeover' : 'acquire'
          const at = { conversationId, tabId: tab }
          return { agent, fence: await said(() => rig.locks(process)[verb](rig.agent(agent), at)) }
        }),
      )
      const byFence = new Map<number, Set<number>>()
      for (const { agent, fence } of outcomes) {
        if (typeof fence !== 'number') continue
        byFence.set(fence, (byFence.get(fence) ?? new Set()).add(agent))
        m.knows.set(agent, Math.max(fence, m.knows.get(agent) ?? 0))
      }
      for (const holders of byFence.values()) same(holders.size, 1)
      same(byFence.size > 0, true)
      await lookAgain(m, real)
    },
  )
}

function stall([{ agent, tab }, point, isTakeover]: [Who, string, boolean]): Command {
  const at = STALL_POINTS.find((one) => one === point) ?? 'after the claim'
  const isFree = (m: Readonly<Model>) => m.claim === null && m.stalled < 3
  return command(`${agent} falls asleep ${point}`, isFree, async (m, real) => {
    const where = { conversationId: real.conversationId, tabId: tab }
    const { ended, stalled } = await real.rig.stall(where, agent, at, isTakeover)
    if (!ended) {
      real.stalled.push(stalled)
      m.stalled++
    } else learn(m, agent, await stalled.resume())
    await lookAgain(m, real)
  })
}

/** It goes on as if nothing had happened meanwhile. Whatever did, nobody ends up with a fence that is not the current one. */
async function wakeUp(m: Model, real: Real): Promise<void> {
  const stalled = real.stalled.shift()
  if (!stalled) return
  m.stalled--
  learn(m, stalled.by, await stalled.resume())
  await lookAgain(m, real)
}

function learn(m: Model, agent: number, outcome: PromiseSettledResult<unknown>): void {
  if (outcome.status === 'rejected') {
    if (!(outcome.reason instanceof Refusal)) throw outcome.reason
    return
  }
  const { value } = outcome
  if (value && typeof value === 'object' && 'fence' in value) m.knows.set(agent, Number(value.fence))
}

/** Takes over into the model what nobody could have foreseen. Fences rise, whatever happened. */
async function lookAgain(m: Model, { rig, conversationId }: Real): Promise<void> {
  const { fence, holder, lock } = await rig.standing(conversationId)
  same(fence >= m.fence, true)
  m.fence = fence
  m.writer = holder
  m.claim = lock && lock.fence === null ? lock.agent : null
  m.lock =
    lock && lock.fence !== null ? { agent: lock.agent, fence: lock.fence, tabs: new Set(lock.tabs) } : null
}

/** What must be so after every step. */
async function check(m: Model, { rig, conversationId, writers }: Real): Promise<void> {
  const { fence, holder, lock } = await rig.standing(conversationId)
  same([fence, holder], [m.fence, m.writer])
  if (lock && lock.fence !== null) same([lock.fence, lock.agent], [fence, holder]) // held is what Postgres accepts
  same(
    lock && lock.fence !== null ? [lock.agent, [...lock.tabs].toSorted()] : null,
    m.lock && [m.lock.agent, [...m.lock.tabs].toSorted()],
  )
  for (const ofFence of writers.values()) same(ofFence.size, 1)
}

function command(
  name: string,
  isPossible: (m: Readonly<Model>) => boolean,
  work: (m: Model, real: Real) => Promise<void>,
): Command {
  return {
    check: isPossible,
    run: async (m, real) => {
      await work(m, real)
      await check(m, real)
    },
    toString: () => name,
  }
}

const STALL_POINTS: StallPoint[] = ['after the claim', 'before the fence is set']

/** The fence that was given, or the reason why none was. */
async function said(ask: () => Promise<LockSnapshot>): Promise<number | string> {
  try {
    return (await ask()).fence
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

function same(is: unknown, shouldBe: unknown): void {
  if (!Bun.deepEquals(is, shouldBe))
    throw new Error(`It is ${Bun.inspect(is)}, and should be ${Bun.inspect(shouldBe)}`)
}
