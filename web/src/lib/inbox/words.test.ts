import { describe, expect, test } from 'bun:test'
import { contactName, initials } from './contactName.ts'
import { failureInWords } from './failure.ts'
import { snippet } from './kindLabel.ts'
import { phoneInWords } from './phoneInWords.ts'
import { serviceWindow } from './serviceWindow.ts'
import { listTime, timeLeft } from './time.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('words', () => {
  test('a contact without a name is called by number, then by username', () => {
    const contact = {
      id: '1',
      kind: 'person',
      name: null,
      phone: '16505551234',
      username: 'diego.mx',
      optedOutAt: null,
    } as const
    expect(contactName(contact)).toBe('+1 650 555 1234')
    expect(contactName({ ...contact, phone: null })).toBe('@diego.mx')
  })

  test('numbers are cut as their country reads them out', () => {
    expect(
      ['16505551234', '5511955550163', '551155550163', '447700900026', '+4915155501170', '33155550170'].map(
        phoneInWords,
      ),
    ).toEqual([
      '+1 650 555 1234',
      '+55 11 95555-0163',
      '+55 11 5555-0163',
      '+44 7700 900026',
      '+49 151 55501170',
      '+33 1 55 55 01 70',
    ])
  })

  test('numbers of other countries and lengths are cut in threes, and no digit stands alone', () => {
    expect(['4930555501', '42077755501', '97455550170', '9715055501701', '5550'].map(phoneInWords)).toEqual([
      '+49 305 555 01',
      '+420 777 555 01',
      '+974 555 501 70',
      '+971 505 550 1701',
      '5550',
    ])
  })

  test('initials are letters of any script', () => {
    expect(['Sheena Nelson', 'Lena', 'أمل حداد', '@diego.mx', '+1 650 555 1234'].map(initials)).toEqual([
      'SN',
      'LE',
      'أح',
      '@d',
      '34',
    ])
  })

  test('time left is in minutes under an hour, and in whole hours over two', () => {
    expect([38 * MINUTE, 110 * MINUTE, 60 * MINUTE, 23.4 * HOUR, 1].map(timeLeft)).toEqual([
      '38 min',
      '1 h 50',
      '1 h',
      '23 h',
      '1 min',
    ])
  })

  test('the window counts down, turns hot in its last hour, and closes', () => {
    const at = (leftMs: number) => serviceWindow(new Date(1e12 + leftMs).toISOString(), 1e12)
    expect(
      [at(20 * HOUR), at(100 * MINUTE), at(30 * MINUTE), at(-1)].map(({ state, isHot }) => [state, isHot]),
    ).toEqual([
      ['open', false],
      ['closing', false],
      ['closing', true],
      ['closed', false],
    ])
    expect(serviceWindow(null, 0).state).toBe('never')
  })

  test('a row says the time today, then the day', () => {
    const now = new Date('2026-11-22T12:00:00').getTime()
    expect(
      [
        '2026-11-22T09:05:00',
        '2026-11-21T23:00:00',
        '2026-11-18T10:00:00',
        '2026-11-02T10:00:00',
        '2025-11-02T10:00:00',
      ].map((time) => listTime(time, now)),
    ).toEqual(['09:05', 'Yesterday', 'Wed', '2 Nov', '2 Nov 2025'])
  })

  test('a failure is said plainly, with its code at the end', () => {
    expect(failureInWords({ code: 131026, title: 'Message undeliverable', details: null })).toBe(
      'The number cannot be reached on WhatsApp. Check the number, or call. (131026)',
    )
    expect(failureInWords({ code: 999, title: 'New thing', details: 'It broke' })).toBe('It broke. (999)')
  })

  test('a row shows the caption of a photo, or what it is, and no marks', () => {
    const photo = {
      kind: 'image',
      mediaId: '1',
      mimeType: null,
      sha256: null,
      caption: null,
      filename: null,
      isVoice: false,
      isAnimated: false,
    } as const
    expect(snippet({ body: null, content: photo })).toEqual({ icon: 'photo', words: 'Photo' })
    expect(snippet({ body: 'The *door*', content: photo })).toEqual({ icon: 'photo', words: 'The door' })
  })
})
