import { describe, expect, test } from 'bun:test'
import type { Entry } from './entry.ts'
import { grouped, rank } from './rank.ts'
import { usedNow } from './recent.ts'

const entry = (id: string, words: string, more: Partial<Entry> = {}): Entry => ({
  id,
  words,
  group: 'Acts',
  run: () => {},
  ...more,
})
const ENTRIES = [
  entry('label', 'Label…', { also: 'tag mark' }),
  entry('assign', 'Assign to…', { also: 'give' }),
  entry('reopen', 'Open again', { also: 'reopen' }),
  entry('resolve', 'Resolve', { also: 'close' }),
  entry('read', 'Mark as read'),
]
const found = (text: string, recent: string[] = []) =>
  rank(ENTRIES, text, recent, 'Used last').map(({ id }) => id)

describe('the palette', () => {
  test('what begins with the words comes before what has them elsewhere', () => {
    expect(found('re')).toEqual(['resolve', 'read', 'reopen'])
    expect(found('mark')).toEqual(['read', 'label'])
    expect(found('solve')).toEqual(['resolve'])
  })

  test('each typed word begins a word, in any order, whatever the accents and the case', () => {
    expect(found('again OP')).toEqual(['reopen'])
    expect(found('réad as')).toEqual(['read'])
    expect(found('again close')).toEqual([])
    expect(found('!')).toEqual([])
  })

  test('among equals what was used last comes first', () => {
    const two = [entry('a', 'Theme light'), entry('b', 'Theme dark')]
    expect(rank(two, 'theme', ['b'], '').map(({ id }) => id)).toEqual(['b', 'a'])
  })

  test('with nothing typed, the recently used stand first under a heading of their own', () => {
    const ranked = rank(ENTRIES, ' ', ['resolve', 'gone', 'label'], 'Used last')
    expect(ranked.map(({ id }) => id)).toEqual(['resolve', 'label', 'assign', 'reopen', 'read'])
    expect(grouped(ranked).map(([group, its]) => [group, its.length])).toEqual([
      ['Used last', 2],
      ['Acts', 3],
    ])
  })

  test('what the server found is shown whatever its words, below what fits', () => {
    const hit = entry('hit', 'der Rücksendeschein', { isFound: true, group: 'Messages' })
    expect(rank([hit, ...ENTRIES], 'resolve', [], '').map(({ id }) => id)).toEqual(['resolve', 'hit'])
  })

  test('an act that is used again moves up, and few are kept', () => {
    expect(usedNow(['a', 'b', 'c'], 'b')).toEqual(['b', 'a', 'c'])
    expect(
      usedNow(
        Array.from({ length: 20 }, (_, index) => `${index}`),
        'new',
      ),
    ).toHaveLength(20)
  })
})
