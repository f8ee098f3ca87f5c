/** A moment that is offered for a snooze. */
export type SnoozeTime = { key: 'today' | 'tomorrow' | 'monday'; words: string; at: Date }

const MORNING_HOUR = 9
const EVENING_HOUR = 18
const LATER_HOURS = 3
/** Less would hardly be a snooze. */
const LEAST_HOURS = 1

/** Pure: the moments that are offered at `now`, in the reader's time zone. On a Sunday, next week is not tomorrow morning again. */
export function snoozeTimes(now: Date): SnoozeTime[] {
  const later = laterToday(now)
  const tomorrow = morning(now, 1)
  const monday = morning(now, daysToMonday(now))
  return [
    ...(later ? [{ key: 'today' as const, words: 'Later today', at: later }] : []),
    { key: 'tomorrow', words: 'Tomorrow', at: tomorrow },
    { key: 'monday', words: 'Next week', at: monday },
  ]
}

/** In three hours, on the hour, but not after the evening; null: the day is over. */
function laterToday(now: Date): Date | null {
  const later = new Date(now)
  later.setHours(now.getHours() + LATER_HOURS, 0, 0, 0)
  const evening = new Date(now)
  evening.setHours(EVENING_HOUR, 0, 0, 0)
  const at = later < evening ? later : evening
  return at.getTime() - now.getTime() >= LEAST_HOURS * 60 * 60 * 1000 ? at : null
}

function morning(now: Date, days: number): Date {
  const at = new Date(now)
  at.setDate(now.getDate() + days)
  at.setHours(MORNING_HOUR, 0, 0, 0)
  return at
}

/** From Sunday it is Monday of the week after, since tomorrow is offered already. */
function daysToMonday(now: Date): number {
  const days = (8 - now.getDay()) % 7 || 7
  return days === 1 ? 8 : days
}

/** For `<input type="datetime-local">`, which speaks of the reader's own time. */
export function asLocalInput(at: Date): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`
}
