import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { View } from '../list/listQuery.ts'
import { isInView } from '../list/listRules.ts'

export type { View } from '../list/listQuery.ts'
export type Counts = Record<View, number>

/** In the order in which they are offered. */
export const VIEWS: readonly { view: View; label: string }[] = [
  { view: 'mine', label: 'Mine' },
  { view: 'unassigned', label: 'Unassigned' },
  { view: 'all', label: 'All' },
  { view: 'unread', label: 'Unread' },
  { view: 'mentions', label: 'Mentions' },
  { view: 'snoozed', label: 'Snoozed' },
  { view: 'resolved', label: 'Resolved' },
]

/** What one change of a conversation moves. Of the mentions those that were not read are counted, which no conversation tells. */
const COUNTED: readonly View[] = ['all', 'mine', 'unassigned', 'unread', 'snoozed', 'resolved']

/** The server counts no further; what stands there is "at least so many". */
const MOST_COUNTED = 10_000

const NO_MENTIONS = new Set<string>()

/** The counts after one conversation went from `before` to `after`. */
export function countsAfter(
  counts: Counts,
  before: ConversationSnapshot,
  after: ConversationSnapshot,
  agentId: string,
): Counts {
  const reader = { agentId, mentionedIds: NO_MENTIONS }
  const next = { ...counts }
  for (const view of COUNTED) {
    const change = Number(isInView(view, after, reader)) - Number(isInView(view, before, reader))
    if (!isBounded(view) || counts[view] < MOST_COUNTED) next[view] = Math.max(0, next[view] + change)
  }
  return next
}

/** Beside the name of a view: `12`, `1.2k`, `10k+`. */
export function countInShort(view: View, count: number): string {
  if (isBounded(view) && count >= MOST_COUNTED) return '10k+'
  if (count < 1000) return `${count}`
  return count < 10_000 ? `${Math.floor(count / 100) / 10}k` : `${Math.floor(count / 1000)}k`
}

function isBounded(view: View): boolean {
  return view === 'snoozed' || view === 'resolved'
}
