import { expect, test } from 'bun:test'
import { seededChance } from './chance.ts'
import { parseFaults, strike } from './faults.ts'

test('a list of faults is read with its odds', () => {
  expect(parseFaults('429:0.2, 5xx')).toEqual([
    { name: '429', probability: 0.2 },
    { name: '5xx', probability: 1 },
  ])
})

test('an unknown fault is refused by name', () => {
  expect(() => parseFaults('earthquake')).toThrow('Unknown fault "earthquake".')
})

test('the same seed strikes at the same sends', () => {
  const faults = parseFaults('429:0.3')
  const strikes = (seed: number) => {
    const chance = seededChance(seed)
    return Array.from({ length: 50 }, () => strike(faults, chance) ?? '-').join(' ')
  }
  expect(strikes(7)).toContain('429')
  expect(strikes(7)).toBe(strikes(7))
  expect(strikes(7)).not.toBe(strikes(8))
})
