const HOUR_MS = 60 * 60 * 1000
const MINUTE_MS = 60 * 1000
const MORNING_HOUR = 9
const MONDAY = 1
/** A message that is to arrive before the window closes leaves this much before. */
const BEFORE_CLOSE_MS = 15 * MINUTE_MS
const FURTHEST_MS = 365 * 24 * HOUR_MS

export type LaterChoice = { key: 'hour' | 'tomorrow' | 'monday'; at: number }

/** Sensible moments, in the zone of this device, the soonest first and none twice. */
export function laterChoices(now: number): LaterChoice[] {
  const tomorrow = morning(now, 1)
  const toMonday = (MONDAY - new Date(now).getDay() + 7) % 7 || 7
  const monday = morning(now, toMonday)
  const choices: LaterChoice[] = [
    { key: 'hour', at: Math.floor((now + HOUR_MS) / MINUTE_MS) * MINUTE_MS },
    { key: 'tomorrow', at: tomorrow },
    { key: 'monday', at: monday },
  ]
  return choices.filter(({ at }, index) => choices.findIndex((one) => one.at === at) === index)
}

/** Whether a free message could not go out then any more, unless the customer writes before. */
export function isBeyond(at: number, closesAt: string | null): boolean {
  return closesAt === null || at >= Date.parse(closesAt)
}

/** A moment shortly before the window closes; null when it is over, or too near. */
export function beforeClose(closesAt: string | null, now: number): number | null {
  if (closesAt === null) return null
  const at = Math.floor((Date.parse(closesAt) - BEFORE_CLOSE_MS) / MINUTE_MS) * MINUTE_MS
  return at > now + MINUTE_MS ? at : null
}

/** As `<input type="datetime-local">` has it: the wall clock of this device. */
export function wallClock(at: number): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** What was picked, or why it can not be taken. */
export function pickedMoment(wall: string, now: number): { at: number } | { trouble: string | null } {
  const at = new Date(wall).getTime()
  if (Number.isNaN(at)) return { trouble: null }
  if (at <= now) return { trouble: 'This moment is over. Choose a later one.' }
  return at > now + FURTHEST_MS ? { trouble: 'Choose a moment within a year.' } : { at }
}

function morning(now: number, daysAhead: number): number {
  const date = new Date(now)
  date.setDate(date.getDate() + daysAhead)
  return date.setHours(MORNING_HOUR, 0, 0, 0)
}
