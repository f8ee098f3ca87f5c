import { pageLocale } from '../words/language.ts'
import { say } from '../words/words.ts'

/** Times as people read them, in the language of the page. */
const LOCALE = pageLocale()
const DAY_MS = 24 * 60 * 60 * 1000
const HOUR_MS = 60 * 60 * 1000
const MINUTE_MS = 60 * 1000

const MOST_REMEMBERED = 2_000

/** To write a moment out takes longer than anything else in a bubble, and most are shown more than once. */
const format = (options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat(LOCALE, options)
  const written = new Map<string | number, string>()
  return (moment: string | number) => {
    const words = written.get(moment) ?? formatter.format(new Date(moment))
    if (written.size >= MOST_REMEMBERED) written.clear()
    written.set(moment, words)
    return words
  }
}

export const clockTime = format({ hour: '2-digit', minute: '2-digit' })
export const fullTime = format({ dateStyle: 'full', timeStyle: 'short' })
const weekday = format({ weekday: 'short' })
const longWeekday = format({ weekday: 'long' })
const dayAndMonth = format({ day: 'numeric', month: 'short' })
const dayMonthYear = format({ day: 'numeric', month: 'short', year: 'numeric' })
const longDay = format({ weekday: 'long', day: 'numeric', month: 'long' })
const longDayAndYear = format({ day: 'numeric', month: 'long', year: 'numeric' })
const month = format({ month: 'long' })
const monthAndYear = format({ month: 'long', year: 'numeric' })

/** In a row of the list: the time today, then the day, then the date. */
export function listTime(iso: string, now: number): string {
  const days = daysBetween(iso, now)
  if (days <= 0) return clockTime(iso)
  if (days === 1) return 'Yesterday'
  if (days < 7) return weekday(iso)
  return isSameYear(iso, now) ? dayAndMonth(iso) : dayMonthYear(iso)
}

/** Between two days of a thread. */
export function dayLabel(iso: string, now: number): string {
  const days = daysBetween(iso, now)
  if (days <= 0) return 'Today'
  if (days === 1) return 'Yesterday'
  if (days < 7) return longWeekday(iso)
  return isSameYear(iso, now) ? longDay(iso) : longDayAndYear(iso)
}

/** Of a moment ahead, beside its name: `17:00`, `Mon 09:00`, `30 Nov 09:00`. */
export function aheadInShort(iso: string, now: number): string {
  const ahead = -daysBetween(iso, now)
  if (ahead <= 0) return clockTime(iso)
  return `${ahead < 7 ? weekday(iso) : shortDay(iso, now)} ${clockTime(iso)}`
}

/** Beside something small: `3 Nov`. */
export function shortDay(iso: string, now: number): string {
  return isSameYear(iso, now) ? dayAndMonth(iso) : dayMonthYear(iso)
}

/** In a sentence: `at 11:42`, `tomorrow 11:42`, `yesterday 11:42`, `on 2 Nov`. */
export function momentInWords(iso: string, now: number): string {
  const days = daysBetween(iso, now)
  if (days === 0) return `at ${clockTime(iso)}`
  if (days === -1) return `tomorrow ${clockTime(iso)}`
  if (days === 1) return `yesterday ${clockTime(iso)}`
  return `on ${isSameYear(iso, now) ? dayAndMonth(iso) : dayMonthYear(iso)}`
}

/** Where a sentence already says until or since: `11:42`, `tomorrow 11:42`, `2 Nov`. */
export function momentAlone(iso: string, now: number): string {
  const days = daysBetween(iso, now)
  if (days === 0) return clockTime(iso)
  if (Math.abs(days) === 1) return momentInWords(iso, now)
  return isSameYear(iso, now) ? dayAndMonth(iso) : dayMonthYear(iso)
}

/** After `until`: `17:00`, `tomorrow 09:00`, `Monday 09:00`, `2 Nov 09:00`. */
export function untilInWords(iso: string, now: number): string {
  const ahead = -daysBetween(iso, now)
  const time = clockTime(iso)
  if (ahead <= 0) return time
  if (ahead === 1) return `tomorrow ${time}`
  if (ahead < 7) return `${longWeekday(iso)} ${time}`
  return `${isSameYear(iso, now) ? dayAndMonth(iso) : dayMonthYear(iso)} ${time}`
}

/** In a row of the list, when a snooze ends: `17:00`, `Mon 09:00`, `2 Nov`. */
export function snoozedInShort(iso: string, now: number): string {
  const ahead = -daysBetween(iso, now)
  if (ahead <= 0) return clockTime(iso)
  if (ahead < 7) return `${weekday(iso)} ${clockTime(iso)}`
  return isSameYear(iso, now) ? dayAndMonth(iso) : dayMonthYear(iso)
}

export function sinceWhen(iso: string, now: number): string {
  if (daysBetween(iso, now) <= 0) return say('today')
  return isSameYear(iso, now) ? month(iso) : monthAndYear(iso)
}

/** `23 h`, `1 h 50`, `38 min`. */
export function timeLeft(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE_MS))
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  if (hours >= 2) return `${Math.round(ms / HOUR_MS)} h`
  return rest === 0 ? `${hours} h` : `${hours} h ${String(rest).padStart(2, '0')}`
}

/** `just now`, `12 s ago`, `3 min ago`, then the moment itself. */
export function agoInWords(iso: string, now: number): string {
  const ms = now - new Date(iso).getTime()
  if (ms < 2_000) return say('just now')
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)} s ago`
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min ago`
  return momentInWords(iso, now)
}

export function isSameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

/** Whole calendar days from `iso` to `now`, in the reader's time zone. */
function daysBetween(iso: string, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  return Math.round((midnight(now) - midnight(new Date(iso).getTime())) / DAY_MS)
}

function isSameYear(iso: string, now: number): boolean {
  return new Date(iso).getFullYear() === new Date(now).getFullYear()
}
