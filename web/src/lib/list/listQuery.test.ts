import { describe, expect, test } from 'bun:test'
import {
  DEFAULT_QUERY,
  hasFilters,
  type ListQuery,
  queryOf,
  saysList,
  searchOf,
  shortSearchOf,
  withToggled,
  withWindow,
} from './listQuery.ts'

const [ANA, BEN] = ['0190c0de-0000-7000-8000-00000000000a', '0190c0de-0000-7000-8000-00000000000b']
const read = (search: string) => queryOf(new URLSearchParams(search))

describe('the list in the address', () => {
  test('an address that says nothing shows all open conversations, newest first', () => {
    expect(read('')).toEqual(DEFAULT_QUERY)
    expect(saysList(new URLSearchParams('next=/c/1'))).toBe(false)
    expect(saysList(new URLSearchParams('view=all'))).toBe(true)
  })

  test('what is written into an address is read from it', () => {
    const query: ListQuery = {
      view: 'unassigned',
      filters: { channelIds: [ANA], labelIds: [ANA, BEN], window: 'closing' },
      sort: 'window',
    }
    expect(read(searchOf(query))).toEqual(query)
    expect(read(shortSearchOf(query))).toEqual(query)
  })

  test('the same list has one address, in whatever order its filters were chosen', () => {
    const [there, back] = [withToggled, withToggled].map((toggled, index) => {
      const [first = '', second = ''] = index === 0 ? [ANA, BEN] : [BEN, ANA]
      return searchOf(toggled(toggled(DEFAULT_QUERY, 'assigneeIds', first), 'assigneeIds', second))
    })
    expect(there).toBe(back ?? '')
  })

  test('the list that is shown anyway needs no word in a link, and can be asked for by name', () => {
    expect(shortSearchOf(DEFAULT_QUERY)).toBe('')
    expect(searchOf(DEFAULT_QUERY)).toBe('?view=all')
  })

  test('nonsense in an address is passed over', () => {
    expect(read('view=everything&sort=up&window=ajar&label=urgent&agent=%27%20or%201')).toEqual(DEFAULT_QUERY)
    const many = Array.from({ length: 150 }, (_, index) => `label=${ANA.slice(0, -3)}${100 + index}`)
    expect(read(many.join('&')).filters.labelIds).toHaveLength(100)
  })
})

describe('filters', () => {
  test('an id that is chosen twice is taken away again, and leaves no empty filter', () => {
    const once = withToggled(DEFAULT_QUERY, 'teamIds', ANA)
    expect(once.filters).toEqual({ teamIds: [ANA] })
    expect(hasFilters(once)).toBe(true)
    expect(withToggled(once, 'teamIds', ANA)).toEqual(DEFAULT_QUERY)
  })

  test('one window at a time is chosen, and the same one again means any', () => {
    const closing = withWindow(DEFAULT_QUERY, 'closing')
    expect(withWindow(closing, 'open').filters).toEqual({ window: 'open' })
    expect(withWindow(closing, 'closing')).toEqual(DEFAULT_QUERY)
    expect(withWindow(closing, null)).toEqual(DEFAULT_QUERY)
  })
})
