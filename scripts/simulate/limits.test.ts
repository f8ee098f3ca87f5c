import { expect, test } from 'bun:test'
import { type LimitSettings, Limits } from './limits.ts'

const sheena = '16505551234'

function limitsAt(settings: Partial<LimitSettings>) {
  let now = 1_785_000_000_000
  const limits = new Limits(settings, () => now)
  const wait = (ms: number) => {
    now += ms
  }
  return { limits, wait }
}

/** How many of so many sends, one after the other at the same instant, get through. */
function accepted(limits: Limits, sends: number, numberOf: (index: number) => string): number {
  return Array.from({ length: sends }, (_, index) => limits.take(numberOf(index), `a${index}`)).filter(
    (code) => code === undefined,
  ).length
}
const everybody = (index: number) => String(15_550_000_000 + index)

test('a second takes as many messages as the number may send, and the next one refills', () => {
  const { limits, wait } = limitsAt({ throughputPerSecond: 80 })
  expect(accepted(limits, 100, everybody)).toBe(80)
  expect(limits.breaches()).toHaveLength(20)
  expect(limits.breaches()[0]).toMatchObject({ limit: 'throughput', callbackData: 'a80' })
  wait(500)
  expect(accepted(limits, 100, everybody)).toBe(40)
})

test('a sender that keeps to the rate breaks nothing for a minute', () => {
  const { limits, wait } = limitsAt({ throughputPerSecond: 1000 })
  for (let second = 0; second < 60; second++) {
    for (let step = 0; step < 100; step++) {
      accepted(limits, 10, everybody)
      wait(10)
    }
  }
  expect(limits.breaches()).toHaveLength(0)
  expect(limits.busiestSecond()).toBeLessThanOrEqual(1000)
  expect(limits.busiestSecond()).toBeGreaterThan(980)
})

test('messages of customers count too, and a flood of them is over after a second', () => {
  const { limits, wait } = limitsAt({ throughputPerSecond: 80 })
  for (let count = 0; count < 60; count++) limits.countInbound()
  expect(accepted(limits, 80, everybody)).toBe(20)
  for (let count = 0; count < 10_000; count++) limits.countInbound()
  wait(1500)
  expect(accepted(limits, 80, everybody)).toBe(40)
})

test('one customer gets 45 at once, then one each six seconds, and others are not held up', () => {
  const { limits, wait } = limitsAt({ isPairLimited: true })
  expect(accepted(limits, 60, () => sheena)).toBe(45)
  expect(limits.take(sheena, undefined)).toBe(131056)
  expect(limits.take('447700900026', undefined)).toBeUndefined()
  wait(5999)
  expect(limits.take(sheena, undefined)).toBe(131056)
  wait(1)
  expect(limits.take(sheena, undefined)).toBeUndefined()
  expect(limits.take(sheena, undefined)).toBe(131056)
  wait(45 * 6000)
  expect(accepted(limits, 60, () => sheena)).toBe(45)
})

test('a number that may send everything breaks nothing', () => {
  const { limits } = limitsAt({})
  expect(accepted(limits, 5000, () => sheena)).toBe(5000)
})
