import type { ThreadItem } from './threadItems.ts'

/** One line of the trail, ready to be shown. */
export type TrailLine = { id: string; words: string; createdAt: string }

/** More between two messages is history, not something to read on the way: the newest ones stand for it. */
const MOST_IN_A_ROW = 4

/**
 * Pure: the items of a thread with the lines of its trail between them, by time. What happened before the first message that is
 * loaded waits for its page, unless the thread begins there; likewise behind the last one.
 */
export function withTrail(
  items: readonly ThreadItem[],
  lines: readonly TrailLine[],
  { fromStart, toEnd }: { fromStart: boolean; toEnd: boolean },
): ThreadItem[] {
  if (lines.length === 0 || items.length === 0) return [...items]
  const out: ThreadItem[] = []
  let next = 0
  let isFirst = true
  const until = (sentAt: string | null) => {
    const run: TrailLine[] = []
    for (let line = lines[next]; line && (sentAt === null || line.createdAt < sentAt); line = lines[next]) {
      run.push(line)
      next += 1
    }
    return run
      .slice(-MOST_IN_A_ROW)
      .map((line): ThreadItem => ({ kind: 'trail', key: `trail ${line.id}`, line }))
  }
  /** A day's line and the line of what is new belong to the message below them. */
  let lead: ThreadItem[] = []
  for (const item of items) {
    if (!('message' in item)) {
      lead.push(item)
      continue
    }
    const before = until(item.message.sentAt)
    if (!isFirst || fromStart) out.push(...before)
    out.push(...lead, item)
    lead = []
    isFirst = false
  }
  out.push(...lead)
  if (toEnd) out.push(...until(null))
  return out
}
