import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'

export type View = 'all' | 'unassigned' | 'mine' | 'unread'
export type Counts = Record<View, number>

/** Which conversations stand in a view; the same rule as the server's, so that a change moves its row at once. */
const BELONGS: Record<View, (conversation: ConversationSnapshot, agentId: string) => boolean> = {
  all: isOpen,
  unassigned: (conversation) => isOpen(conversation) && conversation.assignee === null,
  mine: (conversation, agentId) => isOpen(conversation) && conversation.assignee?.id === agentId,
  unread: (conversation) => isOpen(conversation) && conversation.unreadCount > 0,
}

/** What was snoozed or resolved stands in views of its own. */
function isOpen(conversation: ConversationSnapshot): boolean {
  return conversation.status === 'open'
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
