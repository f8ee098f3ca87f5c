import { expect, test } from 'bun:test'
import { RowPlaces } from './rowPlaces.ts'

const rowsOf = (ids: readonly string[]) => ids.map((id) => ({ id }))

/** The places of these rows, all of which are drawn. */
function placesOf(places: RowPlaces, ids: readonly string[], focusedId: string | null = null): number[] {
  const indexes = ids.map((_, index) => index)
  return places.of(rowsOf(ids), indexes, focusedId).map(({ place }) => place)
}

test('a row keeps its place wherever it moves, and one that goes leaves its place to one that comes', () => {
  const places = new RowPlaces()
  expect(placesOf(places, ['a', 'b', 'c'])).toEqual([0, 1, 2])
  expect(placesOf(places, ['c', 'a', 'b'])).toEqual([2, 0, 1])
  expect(placesOf(places, ['d', 'c', 'a'])).toEqual([1, 2, 0])
})

test('the place of the focused row is given to no other', () => {
  const places = new RowPlaces()
  placesOf(places, ['a', 'b'])
  expect(placesOf(places, ['a', 'c'], 'b')).toEqual([0, 2])
  expect(placesOf(places, ['a', 'c', 'b'], 'b')).toEqual([0, 2, 3])
})

test('rows are told with their indexes, and an index behind the end draws nothing', () => {
  const rows = rowsOf(['a', 'b', 'c', 'd'])
  expect(new RowPlaces().of(rows, [0, 2, 3, 4], null)).toEqual([
    { place: 0, index: 0, row: { id: 'a' } },
    { place: 1, index: 2, row: { id: 'c' } },
    { place: 2, index: 3, row: { id: 'd' } },
  ])
})

test('no two rows have one place, however they come and go', () => {
  const places = new RowPlaces()
  for (let round = 0; round < 500; round++) {
    const length = (round * 7) % 13
    const ids = [...new Set(Array.from({ length }, (_, at) => String((at * 5 + round * 3) % 29)))]
    expect(new Set(placesOf(places, ids, String(round % 29))).size).toBe(ids.length)
  }
})
