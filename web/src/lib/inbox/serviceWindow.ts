import { momentInWords, timeLeft } from './time.ts'

const HOUR_MS = 60 * 60 * 1000
const WINDOW_MS = 24 * HOUR_MS
const CLOSING_MS = 2 * HOUR_MS
const HOT_MS = HOUR_MS

/** WhatsApp lets a business write freely for 24 hours after the customer's last message. */
export type ServiceWindow = {
  state: 'open' | 'closing' | 'closed' | 'never'
  /** Under an hour. */
  isHot: boolean
  /** How much of the 24 hours is left, 0 to 1. */
  share: number
  /** `38 min`; '' when it is closed. */
  left: string
  /** A sentence for the header and the composer. */
  sentence: string
}

export function serviceWindow(closesAt: string | null, now: number): ServiceWindow {
  if (closesAt === null)
    return { state: 'never', isHot: false, share: 0, left: '', sentence: 'Has not written yet' }
  const leftMs = new Date(closesAt).getTime() - now
  if (leftMs <= 0) {
    const sentence = `Window closed ${momentInWords(closesAt, now)}`
    return { state: 'closed', isHot: false, share: 0, left: '', sentence }
  }
  const left = timeLeft(leftMs)
  return {
    state: leftMs <= CLOSING_MS ? 'closing' : 'open',
    isHot: leftMs <= HOT_MS,
    share: Math.min(1, leftMs / WINDOW_MS),
    left,
    sentence: `${left} left to reply freely`,
  }
}

/** Until when messages cost nothing because the customer came from an ad; it opens no window. Null: they cost what they cost. */
export function freeEntryUntil(
  { freeEntryEndsAt }: { freeEntryEndsAt: string | null },
  now: number,
): string | null {
  return freeEntryEndsAt !== null && new Date(freeEntryEndsAt).getTime() > now ? freeEntryEndsAt : null
}
