import { expect, test } from 'bun:test'
import { fittingTabs } from './fittingTabs.ts'

const WIDTHS = [60, 100, 50, 70, 80, 80, 90]

test('as many tabs as fit stand beside each other', () => {
  expect(fittingTabs(WIDTHS, 300, 0)).toEqual([0, 1, 2, 3])
  expect(fittingTabs(WIDTHS, 260, 0)).toEqual([0, 1, 2])
  expect(fittingTabs(WIDTHS, 2000, 0)).toEqual([0, 1, 2, 3, 4, 5, 6])
})

test('the chosen tab takes the place of the last that fits', () => {
  expect(fittingTabs(WIDTHS, 300, 6)).toEqual([0, 1, 6])
  expect(fittingTabs(WIDTHS, 300, 3)).toEqual([0, 1, 2, 3])
})

test('where nothing else fits, the chosen tab stands alone', () => {
  expect(fittingTabs(WIDTHS, 90, 6)).toEqual([6])
  expect(fittingTabs(WIDTHS, 10, 1)).toEqual([1])
})

test('a narrow tab does not overtake a wide one', () => {
  expect(fittingTabs([60, 200, 50], 150, 0)).toEqual([0])
})
