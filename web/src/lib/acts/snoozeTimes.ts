export type SnoozeTime = { id: string; words: string; until: string | null }

const HOUR_MS = 60 * 60 * 1000
const MORNING_HOUR = 9
const EVENING_HOUR = 18
const MONDAY = 1
const DAYS_OF_WEEK = 7

/** For how long a conversation can be put aside, from now, in the reader's time zone. */
export function snoozeTimes(now: number): readonly SnoozeTime[] {
  const evening = at(now, 0, EVENING_HOUR)
  const times = [
    { id: 'writes', words: 'Until the customer writes', until: null },
    { id: 'hour', words: 'For an hour', until: new Date(now + HOUR_MS).toISOString() },
    { id: 'evening', words: 'Until this evening', until: evening },
    { id: 'tomorrow', words: 'Until tomorrow morning', until: at(now, 1, MORNING_HOUR) },
    { id: 'week', words: 'Until Monday morning', until: at(now, daysToMonday(now), MORNING_HOUR) },
  ]
  const isNear = (until: string) => Date.parse(until) - now < HOUR_MS
  return times.filter(({ id, until }) => id !== 'evening' || (until !== null && !isNear(until)))
}

function at(now: number, daysAhead: number, hour: number): string {
  const day = new Date(now)
  day.setDate(day.getDate() + daysAhead)
  day.setHours(hour, 0, 0, 0)
  return day.toISOString()
}

/** Never today: on a Monday it is the next one. */
function daysToMonday(now: number): number {
  return (MONDAY - new Date(now).getDay() + DAYS_OF_WEEK) % DAYS_OF_WEEK || DAYS_OF_WEEK
}
