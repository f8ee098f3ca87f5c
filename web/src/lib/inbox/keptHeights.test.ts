import { expect, test } from 'bun:test'
import { KeptHeights } from './keptHeights.ts'

test('what was measured of a thread is known when it is opened again', () => {
  const kept = new KeptHeights()
  kept.of('a').measured('row', 90)
  kept.of('b').measured('row', 40)
  expect(kept.of('a').of('row')).toBe(90)
  expect(kept.of('b').of('row')).toBe(40)
})

test('the rows of a new thread are as high as those of the one before it were on average', () => {
  const kept = new KeptHeights()
  const guess = kept.of('a').average
  kept.of('a').measured('row', 30)
  kept.of('a').measured('other', 50)
  expect(guess).toBeGreaterThan(0)
  expect(kept.of('b').average).toBe(40)
})

test('only those that were open last are kept', () => {
  const kept = new KeptHeights()
  kept.of('first').measured('row', 90)
  kept.of('second').measured('row', 80)
  for (let n = 0; n < 11; n++) kept.of(`other ${n}`).measured('row', 50)
  expect(kept.of('second').of('row')).toBe(80)
  expect(kept.of('first').of('row')).not.toBe(90)
})
