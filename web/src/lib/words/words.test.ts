import { afterEach, expect, test } from 'bun:test'
import { keyOf } from './keyOf.ts'
import { meant, pieces, speak, w } from './words.ts'

afterEach(() => speak(null))

test('a sentence without a translation is said in English', () => {
  expect(w('{0} of {1}', 2, 3)).toBe('2 of 3')
})

test('a translation may put the values in another order', () => {
  speak({ [keyOf('{0} of {1}')]: '{1} von {0}' })
  expect(w('{0} of {1}', 'x', 'y')).toBe('y von x')
})

test('the count chooses the form of a sentence', () => {
  speak({ [keyOf('{0} letters')]: { count: 0, one: 'ein Brief', other: '{0} Briefe' } })
  expect([1, 5].map((count) => w('{0} letters', count))).toEqual(['ein Brief', '5 Briefe'])
})

test('nothing is said where a value is missing', () => {
  expect(w('by {0}', null)).toBe('by ')
})

test('elements keep their number wherever the language puts them', () => {
  speak({ [keyOf('Press <0/> for <1>the next</1>')]: 'Für <1>den nächsten</1> <0/> drücken' })
  expect(pieces('Press <0/> for <1>the next</1>')).toEqual([
    { t: 'Für ', i: -1, c: [] },
    { t: '', i: 1, c: [{ t: 'den nächsten', i: -1, c: [] }] },
    { t: ' ', i: -1, c: [] },
    { t: '', i: 0, c: [] },
    { t: ' drücken', i: -1, c: [] },
  ])
})

test('a word that English has for two things is found by its meaning', () => {
  speak({ [keyOf('Read (what a program may do)')]: 'Lesen' })
  expect(meant('Read', 'Read (what a program may do)')).toBe('Lesen')
  expect(w('Read')).toBe('Read')
})
