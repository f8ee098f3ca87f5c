import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'

export type View = 'all' | 'unassigned' | 'mine' | 'unread'
export type Counts = Record<View, number>

/** Which conversations stand in a view; the same rule as the server's, so that a change moves its row at once. */
const BELONGS: Record<View, (conversation: ConversationSnapshot, agentId: string) => boolean> = {
  all: () => true,
  unassigned: (conversation) => conversation.assignee === null,
  mine: (conversation, agentId) => conversation.assignee?.id === agentId,
  unread: (conversation) => conversation.unreadCount > 0,
}

export const VIEWS: readonly { view: View; label: string }[] = [
  { view: 'all', label: 'All' },
  { view: 'unassigned', label: 'Unassigned' },
  { view: 'mine', label: 'Mine' },
  { view: 'unread', label: 'Unread' },
]

export function belongsTo(view: View, conversation: ConversationSnapshot, agentId: string): boolean {
  return BELONGS[view](conversation, agentId)
}

/** The counts after one conversation went from `before` to `after`. */
export function countsAfter(
  counts: Counts,
  before: ConversationSnapshot,
  after: ConversationSnapshot,
  agentId: string,
): Counts {
  const next = { ...counts }
  for (const { view } of VIEWS) {
    const change = Number(belongsTo(view, after, agentId)) - Number(belongsTo(view, before, agentId))
    next[view] = Math.max(0, next[view] + change)
  }
  return next
}
