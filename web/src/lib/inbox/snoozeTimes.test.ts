import { describe, expect, test } from 'bun:test'
import { asLocalInput, snoozeTimes } from './snoozeTimes.ts'

const offered = (now: string) => snoozeTimes(new Date(now)).map(({ key, at }) => `${key} ${asLocalInput(at)}`)

describe('the moments that a snooze offers', () => {
  test('in the morning: later today in three hours, tomorrow at nine, Monday at nine', () => {
    expect(offered('2026-11-18T10:20:00')).toEqual([
      'today 2026-11-18T13:00',
      'tomorrow 2026-11-19T09:00',
      'monday 2026-11-23T09:00',
    ])
  })

  test('in the afternoon later today is the evening', () => {
    expect(offered('2026-11-18T16:30:00')[0]).toBe('today 2026-11-18T18:00')
  })

  test('in the evening today is not offered any more', () => {
    expect(offered('2026-11-18T17:30:00')).toEqual(['tomorrow 2026-11-19T09:00', 'monday 2026-11-23T09:00'])
  })

  test('on a Sunday tomorrow is Monday, and next week is the Monday after', () => {
    expect(offered('2026-11-22T20:00:00')).toEqual(['tomorrow 2026-11-23T09:00', 'monday 2026-11-30T09:00'])
  })

  test('on a Monday next week is in seven days', () => {
    expect(offered('2026-11-23T20:00:00')).toEqual(['tomorrow 2026-11-24T09:00', 'monday 2026-11-30T09:00'])
  })
})
