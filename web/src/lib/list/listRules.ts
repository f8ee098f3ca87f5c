import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Filters, ListQuery, Sort, View } from './listQuery.ts'

/**
 * Which conversations stand in a list, and in which order: the same rules as the server's (`listConditions.ts` and
 * `listSort.ts`; a test compares both on real rows), so that a change moves its row at once.
 */

/** Whose list it is. */
export type Reader = {
  agentId: string
  /** Conversations with a note that mentions the agent, as far as this tab has heard of them. */
  mentionedIds: ReadonlySet<string>
}

/** Where a row stands in every order. */
export type Place = Pick<ConversationSnapshot, 'id' | 'lastPosition' | 'windowClosesAt'>

const CLOSING_MS = 2 * 60 * 60 * 1000

const IN_VIEW: Record<View, (conversation: ConversationSnapshot, reader: Reader) => boolean> = {
  all: isOpen,
  mine: (conversation, { agentId }) => isOpen(conversation) && conversation.assignee?.id === agentId,
  unassigned: (conversation) => isOpen(conversation) && conversation.assignee === null,
  unread: (conversation) => isOpen(conversation) && conversation.unreadCount > 0,
  mentions: ({ id }, { mentionedIds }) => mentionedIds.has(id),
  snoozed: ({ status }) => status === 'snoozed',
  resolved: ({ status }) => status === 'resolved',
}

export function isInView(view: View, conversation: ConversationSnapshot, reader: Reader): boolean {
  return IN_VIEW[view](conversation, reader)
}

/** Whether a conversation fits the filters at `asOf` (in ms). */
export function fits(filters: Filters, conversation: ConversationSnapshot, asOf: number): boolean {
  const { channelId, team, assignee, labelIds, windowClosesAt } = conversation
  const has = (ids: string[] | undefined, id: string | undefined) =>
    ids === undefined || (id !== undefined && ids.includes(id))
  return (
    has(filters.channelIds, channelId) &&
    has(filters.teamIds, team?.id) &&
    has(filters.assigneeIds, assignee?.id) &&
    (filters.labelIds === undefined || filters.labelIds.some((id) => labelIds.includes(id))) &&
    (filters.window === undefined || windowIs(filters.window, windowClosesAt, asOf))
  )
}

/** Whether rows come, go or move by the mere passing of time. */
export function isTimely({ filters, sort }: ListQuery): boolean {
  return sort === 'window' || filters.window !== undefined
}

/** Which of two rows stands above the other, for `Array.sort`. */
export function order(sort: Sort, asOf: number): (a: Place, b: Place) => number {
  if (sort === 'newest') return (a, b) => compare(b.lastPosition, a.lastPosition) || compare(b.id, a.id)
  if (sort === 'oldest') return (a, b) => compare(a.lastPosition, b.lastPosition) || compare(a.id, b.id)
  const now = new Date(asOf).toISOString()
  return (a, b) => {
    const [isClosedA, isClosedB] = [isClosed(a, now), isClosed(b, now)]
    if (isClosedA !== isClosedB) return isClosedA ? 1 : -1
    const [closesA, closesB] = [a.windowClosesAt ?? '', b.windowClosesAt ?? '']
    return (isClosedA ? compare(closesB, closesA) : compare(closesA, closesB)) || compare(a.id, b.id)
  }
}

function isOpen(conversation: ConversationSnapshot): boolean {
  return conversation.status === 'open'
}

// The times of snapshots are all written alike, so they compare as texts.
function windowIs(window: NonNullable<Filters['window']>, closesAt: string | null, asOf: number): boolean {
  const isWindowOpen = closesAt !== null && closesAt > new Date(asOf).toISOString()
  if (window === 'closed') return !isWindowOpen
  return isWindowOpen && (window === 'open' || closesAt <= new Date(asOf + CLOSING_MS).toISOString())
}

function isClosed({ windowClosesAt }: Place, now: string): boolean {
  return windowClosesAt === null || windowClosesAt <= now
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
