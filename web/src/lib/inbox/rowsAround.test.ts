import { describe, expect, test } from 'bun:test'
import { RowHeights, rowsAround, rowsAtEnd } from './rowsAround.ts'

const keys = Array.from({ length: 100 }, (_, index) => `row ${index}`)
const view = { height: 600, margin: 300 }

describe('the rows that are drawn', () => {
  test('those in view and within the margin on both sides', () => {
    const heights = new RowHeights(60)
    expect(rowsAround(keys, heights, { index: 50, top: 0 }, view)).toEqual({ first: 45, last: 64 })
  })

  test('at the end, the last one stands at the bottom', () => {
    expect(rowsAtEnd(keys, new RowHeights(60), view)).toEqual({ first: 85, last: 99 })
  })

  test('fewer, where rows are known to be high', () => {
    const heights = new RowHeights(60)
    for (const key of keys) heights.measured(key, 600)
    expect(rowsAround(keys, heights, { index: 50, top: 0 }, view)).toEqual({ first: 49, last: 51 })
  })

  test('what was never drawn is taken to be as high as the others are on average', () => {
    const heights = new RowHeights(60)
    heights.measured('row 0', 100)
    heights.measured('row 1', 50)
    heights.measured('row 1', 200)
    expect(heights.of('row 9')).toBe(150)
    expect(heights.sum(keys, 0, 3)).toBe(450)
  })

  test('a list without rows draws none, and a place beyond it draws its end', () => {
    const heights = new RowHeights(60)
    expect(rowsAround([], heights, { index: 0, top: 0 }, view)).toEqual({ first: 0, last: -1 })
    expect(rowsAround(keys, heights, { index: 500, top: 0 }, view).last).toBe(99)
  })
})
