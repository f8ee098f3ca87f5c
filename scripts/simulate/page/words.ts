const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
const day = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short' })
/** How people group the digits after a country code; the last group takes the rest. */
const groupings: readonly [prefix: string, groups: readonly number[]][] = [
  ['971', [2, 3]],
  ['44', [4]],
  ['49', [2, 4]],
  ['52', [2, 4]],
  ['55', [2, 5]],
  ['81', [2, 4]],
  ['91', [5]],
  ['1', [3, 3]],
]

/** 14:05 */
export function timeOf(at: number): string {
  return clock.format(at)
}

/** Today, Yesterday, or the date. */
export function dayOf(at: number, now = Date.now()): string {
  const days = startOfDay(now) - startOfDay(at)
  if (days <= 0) return 'Today'
  return days < 26 * 3_600_000 ? 'Yesterday' : day.format(at)
}

/** A number as people write it: +1 650 555 1234. */
export function spacedNumber(number: string): string {
  const [prefix, groups] = groupings.find(([one]) => number.startsWith(one)) ?? ['', [3, 3]]
  const parts = prefix === '' ? [] : [prefix]
  let at = prefix.length
  for (const length of groups) {
    parts.push(number.slice(at, at + length))
    at += length
  }
  parts.push(number.slice(at))
  return `+${parts.filter((part) => part !== '').join(' ')}`
}

/** SN for Sheena Nelson. */
export function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word))
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0] ?? '')
  return letters.join('').toUpperCase() || '#'
}

/** One of seven quiet colours, always the same for the same number. */
export function hueOf(number: string): string {
  const hues = ['#c4473b', '#2a6fb0', '#ae4697', '#8a6b35', '#5b6a7a', '#178066', '#6d55d6']
  const sum = Array.from(number).reduce((total, digit) => (total * 33 + Number(digit)) % 9973, 7)
  return hues[sum % hues.length] ?? '#5b6a7a'
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}
