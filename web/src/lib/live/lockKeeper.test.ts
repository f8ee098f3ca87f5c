import { describe, expect, test } from 'bun:test'
import type { LockSnapshot } from '../../../../server/live/presenceItem.ts'
import type { LockAnswer, LockCalls } from './lockCalls.ts'
import { BLUR_MS, HEARTBEAT_MS, LOCK_MS, LockKeeper, UNTOUCHED_MS } from './lockKeeper.ts'

const ANA = { id: 'ana', name: 'Ana' }
const BEN = { id: 'ben', name: 'Ben' }

/** Ana's tab, a server that gives out fences, and a clock that is moved by hand. */
function desk() {
  const calls: string[] = []
  let now = 1_000_000
  let fence = 0
  let ticking: { ms: number; act: () => void; at: number } | null = null
  let others: LockSnapshot | null = null
  let afterBlur = () => {}
  const later: (() => void)[] = []
  const answers: Partial<Record<'acquire' | 'heartbeat' | 'takeover', LockAnswer>> = {}
  const lock = (holder = ANA, number = fence): LockSnapshot => ({
    conversationId: 'nora',
    holder,
    fence: number,
    expiresAt: new Date(now + LOCK_MS).toISOString(),
  })
  const taken = (conversationId: string): LockAnswer => {
    fence += 1
    return { lock: { ...lock(), conversationId } }
  }
  const answer = (call: string, planned: LockAnswer | undefined, otherwise: () => LockAnswer) => {
    calls.push(call)
    return Promise.resolve(planned ?? otherwise())
  }
  const server: LockCalls = {
    acquire: (id) => answer(`acquire ${id}`, answers.acquire, () => taken(id)),
    takeover: (id) => answer(`takeover ${id}`, answers.takeover, () => taken(id)),
    heartbeat: (id, number) => answer(`beat ${id} ${number}`, answers.heartbeat, () => ({ lock: lock() })),
    release: async (id, number) => void calls.push(`release ${id} ${number}`),
  }
  const keeper = new LockKeeper(server, {
    now: () => now,
    every: (ms, act) => {
      ticking = { ms, act, at: now + ms }
      return () => {
        ticking = null
      }
    },
    after: (ms, act) => {
      if (ms !== BLUR_MS) {
        later.push(act)
        return () => {}
      }
      afterBlur = act
      return () => {
        afterBlur = () => {}
      }
    },
    othersLock: () => others,
    learned: () => {},
    learnedHolder: () => {},
    released: () => {},
    changed: () => {},
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    keeper,
    calls,
    answers,
    lock,
    settle,
    bensLock: (number: number) => {
      others = lock(BEN, number)
      keeper.hear({ type: 'lock', conversationId: 'nora', lock: others, change: 'taken_over', previous: ANA })
    },
    freed: () => {
      others = null
      keeper.hear({ type: 'lock', conversationId: 'nora', lock: null, change: 'released', previous: BEN })
    },
    later,
    blurEmpty: (id: string) => {
      keeper.blur(id, true)
      afterBlur()
    },
    pass: async (ms: number) => {
      const until = now + ms
      for (; ticking && ticking.at <= until; await settle()) {
        now = ticking.at
        ticking.at += ticking.ms
        ticking.act()
      }
      now = until
      await settle()
    },
  }
}

describe('a tab and the baton', () => {
  test('who focuses the composer holds it, and says so every ten seconds', async () => {
    const { keeper, calls, settle, pass } = desk()
    keeper.focus('nora')
    await settle()
    expect(keeper.holding).toMatchObject({ is: 'mine', lock: { fence: 1 } })
    await pass(3 * HEARTBEAT_MS)
    expect(calls).toEqual(['acquire nora', 'beat nora 1', 'beat nora 1', 'beat nora 1'])
  })

  test('a tab that nobody touches lets it run out, and the next key takes it again', async () => {
    const { keeper, calls, settle, pass } = desk()
    keeper.focus('nora')
    await settle()
    await pass(UNTOUCHED_MS + LOCK_MS + HEARTBEAT_MS)
    expect(keeper.holding.is).toBe('none')
    expect(calls.filter((call) => call.startsWith('beat')).length).toBe(UNTOUCHED_MS / HEARTBEAT_MS - 1)
    keeper.touch('nora')
    await settle()
    expect(keeper.holding).toMatchObject({ is: 'mine', lock: { fence: 2 } })
  })

  test('it goes back on blur when nothing is written, and stays with a draft', async () => {
    const { keeper, calls, settle, blurEmpty } = desk()
    keeper.focus('nora')
    await settle()
    keeper.blur('nora', false)
    expect(keeper.holding.is).toBe('mine')
    keeper.focus('nora')
    keeper.blur('nora', true)
    expect(keeper.holding.is).toBe('mine')
    keeper.focus('nora')
    blurEmpty('nora')
    expect(keeper.holding.is).toBe('none')
    expect(calls).toEqual(['acquire nora', 'release nora 1'])
  })

  test('what was asked for and left before the answer came is given back', async () => {
    const { keeper, calls, settle, blurEmpty } = desk()
    keeper.focus('nora')
    blurEmpty('nora')
    await settle()
    expect(keeper.holding.is).toBe('none')
    expect(calls).toEqual(['acquire nora', 'release nora 1'])
  })

  test('writing in another conversation gives the first one back', async () => {
    const { keeper, calls, settle } = desk()
    keeper.focus('nora')
    await settle()
    keeper.focus('omar')
    await settle()
    expect(keeper.holding).toMatchObject({ is: 'mine', conversationId: 'omar' })
    expect(calls).toEqual(['acquire nora', 'release nora 1', 'acquire omar'])
  })

  test('after a takeover the loser knows by whom, asks for nothing, and can take it back', async () => {
    const { keeper, calls, settle, bensLock, pass } = desk()
    keeper.focus('nora')
    await settle()
    bensLock(2)
    expect(keeper.holding).toEqual({ is: 'taken', conversationId: 'nora', by: BEN })
    keeper.touch('nora')
    await pass(HEARTBEAT_MS)
    expect(calls).toEqual(['acquire nora'])
    await keeper.takeOver('nora')
    expect(keeper.holding.is).toBe('mine')
  })

  test('word of an older lock changes nothing', async () => {
    const { keeper, settle, bensLock } = desk()
    keeper.focus('nora')
    await settle()
    bensLock(0)
    expect(keeper.holding.is).toBe('mine')
  })

  test('a heartbeat that finds a colleague is a takeover; one that finds nobody takes a new lock', async () => {
    const { keeper, answers, settle, pass } = desk()
    keeper.focus('nora')
    await settle()
    answers.heartbeat = { isGone: true }
    await pass(HEARTBEAT_MS)
    expect(keeper.holding).toMatchObject({ is: 'mine', lock: { fence: 2 } })
    answers.heartbeat = { heldBy: BEN, expiresAt: new Date(0).toISOString() }
    await pass(HEARTBEAT_MS)
    expect(keeper.holding).toMatchObject({ is: 'taken', by: BEN })
  })

  test('who waits at the composer gets it when it is free; who has left does not', async () => {
    const { keeper, calls, settle, bensLock, freed, blurEmpty } = desk()
    bensLock(1)
    keeper.focus('nora')
    await settle()
    expect(calls).toEqual([])
    freed()
    await settle()
    expect(keeper.holding.is).toBe('mine')
    blurEmpty('nora')
    bensLock(5)
    freed()
    await settle()
    expect(keeper.holding.is).toBe('none')
  })

  test('without a connection it ends after thirty seconds, and every key does not ask anew', async () => {
    const { keeper, calls, answers, settle, pass, later } = desk()
    keeper.focus('nora')
    await settle()
    answers.heartbeat = { isAway: true }
    answers.acquire = { isAway: true }
    await pass(LOCK_MS)
    expect(keeper.holding.is).toBe('none')
    for (let key = 0; key < 20; key += 1) {
      keeper.touch('nora')
      await settle()
    }
    const asked = () => calls.filter((call) => call.startsWith('acquire')).length
    expect(asked()).toBe(2)
    delete answers.acquire
    await pass(HEARTBEAT_MS)
    for (const ask of later) ask()
    await settle()
    expect(asked()).toBe(3)
    expect(keeper.holding.is).toBe('mine')
  })
})
