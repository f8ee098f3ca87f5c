/** The reader's day in which a moment falls, as `2026-11-22`. */
export function dayOf(moment: string | number): string {
  const date = new Date(moment)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** When a day of the reader begins; null for what is no day. */
export function momentOfDay(day: string): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null
  const date = new Date(`${day}T00:00`)
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}
