import type { ConversationWork } from './decideWork.ts'

type Line = { action: string; details: object }

const STATUS_ACTION = {
  open: 'conversation.reopened',
  snoozed: 'conversation.snoozed',
  resolved: 'conversation.resolved',
} as const

/** Pure: what the trail says of a change, from `before` to `after`. Reading is not told: it comes with every visit. */
export function workInTrail(before: ConversationWork, after: ConversationWork): Line[] {
  const lines: Line[] = []
  if (before.status !== after.status || before.snoozedUntil !== after.snoozedUntil) {
    const until = after.snoozedUntil
    lines.push({
      action: STATUS_ACTION[after.status],
      details: after.status === 'snoozed' ? { from: before.status, until } : { from: before.status },
    })
  }
  if (before.assigneeId !== after.assigneeId || before.teamId !== after.teamId) {
    const of = ({ assigneeId, teamId }: ConversationWork) => ({ assigneeId, teamId })
    lines.push({ action: 'conversation.assigned', details: { from: of(before), to: of(after) } })
  }
  const added = after.labelIds.filter((id) => !before.labelIds.includes(id))
  const removed = before.labelIds.filter((id) => !after.labelIds.includes(id))
  if (added.length + removed.length > 0) {
    lines.push({ action: 'conversation.labelled', details: { added, removed } })
  }
  return lines
}
