import { expect, test } from 'bun:test'
import { type AttemptStatus, higherStatus, isAttemptStatus, STATUS_RANK } from './statusLadder.ts'

/** From the lowest rung to the highest. */
const LADDER = ['queued', 'sending', 'unknown', 'sent', 'failed', 'delivered', 'read', 'played'] as const

test('each rung is one above the one before it: the numbers stand in the database', () => {
  expect(LADDER.map((status) => STATUS_RANK[status])).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(Object.keys(STATUS_RANK).sort()).toEqual([...LADDER].sort())
})

test('of two rungs the higher counts, in whatever order they come', () => {
  for (const [low, a] of LADDER.entries())
    for (const [high, b] of LADDER.entries()) {
      const higher: AttemptStatus | undefined = LADDER[Math.max(low, high)]
      expect([a, b, higherStatus(a, b)]).toEqual([a, b, higher ?? a])
    }
})

test('a word that is no rung moves nothing, whatever it is called', () => {
  for (const status of LADDER) expect(isAttemptStatus(status)).toBe(true)
  for (const word of ['', 'deleted', 'Sent', 'cancelled', 'received', 'constructor', '__proto__', 'toString'])
    expect([word, isAttemptStatus(word)]).toEqual([word, false])
})
