import type { Json } from './content.ts'
import { numberOf } from './json.ts'

/** WhatsApp opened in 2009; nothing in it is older. */
const EARLIEST_MS = Date.UTC(2009, 0, 1)
/** How far ahead of us a sender's clock may be believed. */
const MOST_AHEAD_MS = 24 * 60 * 60 * 1000

/** A timestamp of Meta: seconds since 1970, as a string or a number. `fallback` when it is missing or cannot be true. */
export function momentOf(seconds: Json | undefined, fallback: Date): Date {
  const ms = (numberOf(seconds) ?? Number.NaN) * 1000
  const isCredible = ms >= EARLIEST_MS && ms <= fallback.getTime() + MOST_AHEAD_MS
  return isCredible ? new Date(ms) : fallback
}
