import { LOCK_MS } from './lockKeeper.ts'

/** What is left of a lock: as a share of its life, and in words (`0:24`), empty when it is about to end. */
export function lockLeft(expiresAt: string, now: number): { share: number; words: string } {
  // The server's clock and this one may differ: never more than a lock lives, never less than nothing.
  const leftMs = Math.min(LOCK_MS, Math.max(0, Date.parse(expiresAt) - now))
  const seconds = Math.ceil(leftMs / 1000)
  return { share: leftMs / LOCK_MS, words: seconds > 0 ? `0:${String(seconds).padStart(2, '0')}` : '' }
}
