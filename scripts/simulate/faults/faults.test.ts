import { expect, test } from 'bun:test'
import { seededChance } from '../chance.ts'
import { endingOf } from './endings.ts'
import { Faults } from './faults.ts'
import { parseFaults, strike } from './standingFaults.ts'

const faultsOf = (list = '') => new Faults(list, seededChance(1), () => 0)
const number = '16505551234'

test('a list of faults is read with its odds', () => {
  expect(parseFaults('429:0.2, reset-after-accept, 131047@answer')).toEqual([
    { name: '429', probability: 0.2, trouble: { code: 130429, as: 'answer' } },
    { name: 'reset-after-accept', probability: 1, trouble: { fault: 'reset-after-accept' } },
    { name: '131047@answer', probability: 1, trouble: { code: 131047, as: 'answer' } },
  ])
})

test('an unknown fault is refused by name, and so is a code that WhatsApp does not have', () => {
  expect(() => parseFaults('earthquake')).toThrow('Unknown fault "earthquake".')
  expect(() => parseFaults('131999')).toThrow('WhatsApp has no error code 131999.')
})

test('the same seed strikes at the same sends', () => {
  const faults = parseFaults('429:0.3')
  const strikes = (seed: number) => {
    const chance = seededChance(seed)
    return Array.from({ length: 50 }, () => (strike(faults, 'send', chance) ? 'x' : '-')).join('')
  }
  expect(strikes(7)).toContain('x')
  expect(strikes(7)).toBe(strikes(7))
  expect(strikes(7)).not.toBe(strikes(8))
})

test('a planned fault strikes the next send to its number, once, and is written down', () => {
  const faults = faultsOf()
  faults.next({ code: 131056, number: `+${number}` })
  expect(faults.strike('send', '447700900026')).toBeUndefined()
  expect(faults.strike('read', number)).toBeUndefined()
  expect(faults.strike('send', number)).toEqual({ code: 131056, as: 'answer' })
  expect(faults.strike('send', number)).toBeUndefined()
  expect(faults.struck()).toEqual([{ at: 0, on: 'send', number, trouble: { code: 131056, as: 'answer' } }])
  expect(faults.pending()).toEqual([])
})

test('a fault of files spares the sends', () => {
  const faults = faultsOf('wrong-sha256')
  expect(faults.strike('send', number)).toBeUndefined()
  expect(faults.strike('download')).toEqual({ fault: 'wrong-sha256' })
})

test('a code that WhatsApp tells later is told later, and at once where nothing can fail later', () => {
  const faults = faultsOf()
  faults.next({ code: 131026 })
  faults.next({ code: 131026, on: 'upload' })
  expect(faults.strike('send', number)).toEqual({ code: 131026, as: 'status' })
  expect(faults.strike('upload')).toEqual({ code: 131026, as: 'answer' })
})

test('cleared faults strike no more', () => {
  const faults = faultsOf('5xx')
  faults.next({ fault: 'timeout-after-accept', times: 5 })
  faults.clear()
  expect(faults.strike('send', number)).toBeUndefined()
})

test.each([
  ['447700131056', { code: 131056, as: 'answer' }],
  ['447700131049', { code: 131049, as: 'status' }],
  ['447700990190', { code: 190, as: 'answer' }],
  ['447700980007', { code: 80007, as: 'answer' }],
  ['447700990000', { code: 0, as: 'answer' }],
  ['447700990408', { fault: 'timeout-after-accept' }],
  ['447700900026', { code: 131026, as: 'status' }],
] as const)('a number ending as %s does brings its own trouble', (ending, trouble) => {
  expect(endingOf(ending)?.trouble).toEqual(trouble)
})

test('an ordinary number brings none', () => {
  for (const one of [number, '525555550142', '447700131999', '15552000190'])
    expect(endingOf(one)).toBeUndefined()
})

test('what passes by itself refuses twice and lets the third attempt through', () => {
  const faults = faultsOf()
  const tries = Array.from({ length: 4 }, () => faults.strike('send', '447700131056') !== undefined)
  expect(tries).toEqual([true, true, false, true])
})
