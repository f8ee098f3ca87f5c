import { describe, expect, test } from 'bun:test'
import { cannedLike } from './cannedSearch.ts'
import { firstGap, withGaps } from './gaps.ts'
import { mentionsIn, notePieces, peopleLike } from './mentions.ts'
import { triggerAt } from './triggers.ts'

const ANA = { id: '1', name: 'Ana' }
const ANA_MARIA = { id: '2', name: 'Ana Maria' }
const BEN = { id: '3', name: 'Ben' }
const OTHER_BEN = { id: '4', name: 'ben' }
const PEOPLE = [ANA, ANA_MARIA, BEN]
const KINDS = ['canned', 'mention', 'emoji'] as const
const begunIn = (text: string) => triggerAt(text, text.length, KINDS)

describe('what a sign begins', () => {
  test('a slash at the start of a word looks for a canned reply, in an address or a fraction it does not', () => {
    expect(begunIn('/')).toEqual({ kind: 'canned', start: 0, end: 1, query: '' })
    expect(begunIn('Hello /sor')).toEqual({ kind: 'canned', start: 6, end: 10, query: 'sor' })
    expect(['https://x', '1/2', 'and/or', '/ no', '/a.b'].map(begunIn)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ])
  })

  test('an at sign looks for a colleague, also by two words, in an address of mail it does not', () => {
    expect(begunIn('(@ana m')).toEqual({ kind: 'mention', start: 1, end: 7, query: 'ana m' })
    expect(begunIn('@')?.query).toBe('')
    expect(['nora@shop', '@ana maria b'].map(begunIn)).toEqual([null, null])
  })

  test('a colon and two letters look for an emoji, the time of day does not', () => {
    expect(begunIn('Great :smi')).toEqual({ kind: 'emoji', start: 6, end: 10, query: 'smi' })
    expect(['at 9:30', ':s', ':', 'so::x'].map(begunIn)).toEqual([null, null, null, null])
  })

  test('only what stands before the caret counts, and only what is possible here', () => {
    expect(triggerAt('/so and on', 3, KINDS)?.query).toBe('so')
    expect(triggerAt('@ana', 4, ['canned', 'emoji'])).toBeNull()
  })
})

describe('mentions', () => {
  test('a whole name behind an at sign calls, however it is written; the longest name counts', () => {
    expect(mentionsIn('@ben and @Ana Maria, please', PEOPLE)).toEqual([BEN, ANA_MARIA])
    expect(mentionsIn('@Ana, maria@ben.org and @Benjamin', PEOPLE)).toEqual([ANA])
  })

  test('each is called once, and two of the same name are both meant', () => {
    expect(mentionsIn('@Ben @Ben', [...PEOPLE, OTHER_BEN])).toEqual([BEN, OTHER_BEN])
  })

  test('names are shown as such, and nothing of the text is lost', () => {
    const pieces = notePieces('Ask @Ana Maria!', PEOPLE)
    expect(pieces).toEqual([
      { text: 'Ask ', isMention: false },
      { text: '@Ana Maria', isMention: true },
      { text: '!', isMention: false },
    ])
    expect(notePieces('', PEOPLE)).toEqual([])
  })

  test('people are found by the beginning of their name, then of any word of it', () => {
    const mary = { id: '5', name: 'Mary Ann' }
    expect(peopleLike('an', [mary, ANA])).toEqual([ANA, mary])
    expect(peopleLike('', PEOPLE)).toEqual(PEOPLE)
  })
})

describe('canned replies', () => {
  const reply = (shortcut: string, title: string) => ({
    id: shortcut,
    shortcut,
    title,
    body: '',
    updatedAt: '',
  })
  const sorry = reply('sorry', 'Late parcel')
  const lateNight = reply('late-night', 'We are asleep')
  const toolate = reply('toolate', 'Order closed')

  test('are found by shortcut and by words of their title, the closest first', () => {
    const all = [lateNight, sorry, toolate]
    expect(cannedLike('late', all)).toEqual([lateNight, sorry, toolate])
    expect(cannedLike('PARCEL', all)).toEqual([sorry])
    expect(cannedLike('', all)).toEqual(all)
    expect(cannedLike('zzz', all)).toEqual([])
  })

  test('what is not known can be seen in its place, and is found again until it is written', () => {
    const text = withGaps('Hi , it is Ana. Call ?', [
      { place: 'contact.name', at: 3 },
      { place: 'contact.phone', at: 21 },
    ])
    expect(text).toBe('Hi [customer’s name], it is Ana. Call [customer’s phone number]?')
    expect(firstGap(text)).toEqual({ start: 3, end: 20, words: 'customer’s name' })
    expect(firstGap(text.replace('[customer’s name]', 'Nora'))?.words).toBe('customer’s phone number')
    expect(firstGap('[sic] nothing')).toBeNull()
  })
})
