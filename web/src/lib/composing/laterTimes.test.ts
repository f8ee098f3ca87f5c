import { describe, expect, test } from 'bun:test'
import { beforeClose, isBeyond, laterChoices, pickedMoment, wallClock } from './laterTimes.ts'

/** In the zone of whoever runs this. */
const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime()
const WEDNESDAY = at(25, 14, 30)
const iso = (moment: number) => new Date(moment).toISOString()

describe('a message for later', () => {
  test('can wait an hour, until tomorrow morning, or until Monday morning', () => {
    expect(laterChoices(WEDNESDAY)).toEqual([
      { key: 'hour', at: at(25, 15, 30) },
      { key: 'tomorrow', at: at(26, 9) },
      { key: 'monday', at: at(30, 9) },
    ])
  })

  test('on a Sunday, tomorrow is Monday and is offered once; on a Monday, the next one is a week ahead', () => {
    expect(laterChoices(at(29, 10)).map(({ key }) => key)).toEqual(['hour', 'tomorrow'])
    expect(laterChoices(at(30, 8)).at(-1)).toEqual({ key: 'monday', at: at(37, 9) })
  })

  test('knows whether the service window will be closed by then, and the last good moment before', () => {
    const closesAt = iso(at(26, 8))
    expect(isBeyond(at(26, 7, 59), closesAt)).toBe(false)
    expect(isBeyond(at(26, 8), closesAt)).toBe(true)
    expect(isBeyond(at(26, 8), null)).toBe(true)
    expect(beforeClose(closesAt, WEDNESDAY)).toBe(at(26, 7, 45))
    expect(beforeClose(closesAt, at(26, 7, 50))).toBeNull()
    expect(beforeClose(null, WEDNESDAY)).toBeNull()
  })

  test('a picked moment is that of the wall clock, later than now and within a year', () => {
    expect(wallClock(WEDNESDAY)).toBe('2026-11-25T14:30')
    expect(pickedMoment('2026-11-25T14:31', WEDNESDAY)).toEqual({ at: at(25, 14, 31) })
    expect(pickedMoment('2026-11-25T14:30', WEDNESDAY)).toEqual({
      trouble: 'This moment is over. Choose a later one.',
    })
    expect(pickedMoment('2027-12-01T10:00', WEDNESDAY)).toEqual({ trouble: 'Choose a moment within a year.' })
    expect(pickedMoment('', WEDNESDAY)).toEqual({ trouble: null })
  })
})
