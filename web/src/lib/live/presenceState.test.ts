import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { LockSnapshot, PresenceItem } from '../../../../server/live/presenceItem.ts'
import { applyPresence, nobodyThere, withLock } from './presenceState.ts'

const BEN = { id: 'ben', name: 'Ben' }
const CARLA = { id: 'carla', name: 'Carla' }
const lock = (fence: number, seconds = 0): LockSnapshot => ({
  conversationId: 'nora',
  holder: BEN,
  fence,
  expiresAt: new Date(seconds * 1000).toISOString(),
})
const told = (of: LockSnapshot | null): PresenceItem => ({
  type: 'lock',
  conversationId: 'nora',
  lock: of,
  change: of ? 'acquired' : 'released',
  previous: null,
})

describe('what a tab knows of colleagues', () => {
  test('a whole state replaces what was known', () => {
    const locked = applyPresence(nobodyThere, told(lock(3)))
    const before = applyPresence(locked, { type: 'typing', conversationId: 'nora', agents: [BEN] })
    const after = applyPresence(before, {
      type: 'state',
      locks: [],
      viewers: [{ conversationId: 'nora', agents: [CARLA] }],
      typing: [],
      agents: [{ agent: CARLA, state: 'away' }],
    })
    expect(after.locks.size + after.typing.size).toBe(0)
    expect(after.viewers.get('nora')).toEqual([CARLA])
    expect(after.agents.get('carla')).toBe('away')
  })

  test('who has left is gone', () => {
    const there = applyPresence(nobodyThere, { type: 'viewers', conversationId: 'nora', agents: [BEN] })
    expect(applyPresence(there, { type: 'viewers', conversationId: 'nora', agents: [] }).viewers.size).toBe(0)
  })

  test('however answers and words to all are mixed, the highest fence stands, with its latest end', () => {
    const locks = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(locks, (drawn) => {
        const state = drawn.reduce(
          (held, [fence, seconds], index) =>
            index % 2 === 0
              ? withLock(held, lock(fence, seconds))
              : applyPresence(held, told(lock(fence, seconds))),
          nobodyThere,
        )
        const highest = drawn
          .map(([fence, seconds]) => lock(fence, seconds))
          .sort(byFenceAndEnd)
          .at(-1)
        expect(state.locks.get('nora')).toEqual(highest)
      }),
    )
  })
})

const byFenceAndEnd = (a: LockSnapshot, b: LockSnapshot) =>
  a.fence - b.fence || a.expiresAt.localeCompare(b.expiresAt)
