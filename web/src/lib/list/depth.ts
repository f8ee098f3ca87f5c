import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Trouble } from '../api/refusal.ts'
import type { Sort } from './listQuery.ts'
import { order, type Place } from './listRules.ts'

/** How far down a list is loaded. */
export type Depth = {
  /** The lowest row that was loaded; null: none was. What stands below it is not shown, since there may be gaps in it. */
  lowest: Place | null
  /** Where the next page begins. */
  next: string | null
  hasMore: boolean
  isLoaded: boolean
  isLoading: boolean
  trouble: Trouble | null
  /** The moment by which the server told open windows from closed ones, in all pages of it. */
  asOf: number
}

export type Page = { conversations: ConversationSnapshot[]; hasMore: boolean; nextCursor: string | null }

export const UNLOADED: Depth = {
  lowest: null,
  next: null,
  hasMore: true,
  isLoaded: false,
  isLoading: false,
  trouble: null,
  asOf: 0,
}

/** The depth after the first page has come, which was asked for at `asOf`. */
export function begun(sort: Sort, page: Page, asOf: number): Depth {
  return deeper(sort, { ...UNLOADED, asOf }, page)
}

/** The depth after the page below has come. */
export function deeper(sort: Sort, { lowest, asOf }: Depth, page: Page): Depth {
  return {
    lowest: lowestOf(page.conversations, lowest, order(sort, asOf)),
    next: page.nextCursor,
    hasMore: page.hasMore,
    isLoaded: true,
    isLoading: false,
    trouble: null,
    asOf,
  }
}

/** Whether a row stands in what was loaded of a list. */
export function isWithin(sort: Sort, { lowest, hasMore, asOf }: Depth): (row: Place) => boolean {
  if (!hasMore) return () => true
  if (lowest === null) return () => false
  const compared = order(sort, asOf)
  return (row) => compared(row, lowest) <= 0
}

/** The server sorts by microseconds and we by milliseconds, so the last row is not always the lowest in our eyes. */
function lowestOf(rows: readonly Place[], lowest: Place | null, compared: ReturnType<typeof order>) {
  let found = lowest
  for (const row of rows) if (found === null || compared(row, found) > 0) found = row
  return found && { id: found.id, lastPosition: found.lastPosition, windowClosesAt: found.windowClosesAt }
}
