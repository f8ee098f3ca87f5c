import { describe, expect, test } from 'bun:test'
import { hitHref } from './hitHref.ts'
import { markedParts } from './markedParts.ts'
import { addressOf, soughtOf } from './sought.ts'

const ID = '0199a000-0000-7000-8000-000000000001'
const sought = (search: string) => soughtOf(new URLSearchParams(search))

describe('searching', () => {
  test('what is sought lives in the address, and comes back from it', () => {
    for (const one of [
      { text: 'oak & table?', among: 'notes', conversationId: ID },
      { text: 'أين طلبي', among: 'all', conversationId: null },
      { text: '', among: 'contacts', conversationId: null },
    ] as const)
      expect(soughtOf(new URL(addressOf(one), 'http://baton').searchParams)).toEqual(one)
    expect(addressOf({ text: '', among: 'all', conversationId: null })).toBe('/search')
  })

  test('nonsense in an address is passed over', () => {
    expect(sought('q=+oak+&among=everything&in=nora')).toEqual({
      text: 'oak',
      among: 'all',
      conversationId: null,
    })
    expect(sought(`q=${'x'.repeat(300)}`).text).toHaveLength(200)
    expect(sought(`q=a&among=contacts&in=${ID}`).among).toBe('all')
  })

  test('an excerpt is cut at its marks, and nothing of it is lost', () => {
    const text = 'the <b>oak</b> table'
    const parts = markedParts({
      text,
      marks: [
        { start: 7, end: 10 },
        { start: 15, end: 20 },
      ],
    })
    expect(parts.filter(({ isMarked }) => isMarked).map((part) => part.text)).toEqual(['oak', 'table'])
    expect(parts.map((part) => part.text).join('')).toBe(text)
  })

  test('marks that overlap, turn round or lie outside do no harm', () => {
    const text = 'walnut'
    const marks = [
      { start: 3, end: 1 },
      { start: 0, end: 3 },
      { start: 2, end: 5 },
      { start: 4, end: 99 },
    ]
    const parts = markedParts({ text, marks })
    expect(parts.map((part) => part.text).join('')).toBe(text)
    expect(parts.filter(({ isMarked }) => isMarked)).toEqual([{ text: 'wal', isMarked: true }])
  })

  test('a hit leads to its place in the conversation', () => {
    expect(hitHref({ id: 'm1', conversationId: 'c1' })).toBe('/c/c1?at=m1')
  })
})
