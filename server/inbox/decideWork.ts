import { Refusal } from './refusal.ts'
import type { ConversationSnapshot } from './snapshot.ts'

/** What colleagues decide about a conversation, beside what is said in it. An undo puts it back as it was. */
export type ConversationWork = Pick<
  ConversationSnapshot,
  'status' | 'snoozedUntil' | 'labelIds' | 'unreadCount'
> & {
  assigneeId: string | null
  teamId: string | null
}

/** One decision. What is `undefined` stays as it is; null takes it away. */
export type ConversationAction =
  | { kind: 'assign'; assigneeId?: string | null | undefined; teamId?: string | null | undefined }
  | { kind: 'resolve' }
  | { kind: 'reopen' }
  /** `until` null: until the customer writes, which ends every snooze. */
  | { kind: 'snooze'; until: Date | null }
  | { kind: 'label'; add: readonly string[]; remove: readonly string[] }
  | { kind: 'markRead' }
  /** The undo of any of these: as it was before. */
  | { kind: 'restore'; before: ConversationWork }

/** What may be pointed to in a conversation: whoever sees it, the teams that answer its channel, the workspace's labels. */
export type Pointable = {
  agentIds: ReadonlySet<string>
  teamIds: ReadonlySet<string>
  labelIds: ReadonlySet<string>
}

const LONGEST_SNOOZE_MS = 366 * 24 * 60 * 60 * 1000

/** Pure: how a conversation stands after a decision. Throws the Refusal of one that is not possible. */
export function decideWork(
  work: ConversationWork,
  action: ConversationAction,
  pointable: Pointable,
  now: Date,
): ConversationWork {
  switch (action.kind) {
    case 'assign': {
      const { assigneeId = work.assigneeId, teamId = work.teamId } = action
      if (assigneeId !== null && assigneeId !== work.assigneeId && !pointable.agentIds.has(assigneeId))
        throw new Refusal('NOT_ASSIGNABLE', 'They can not see this conversation, so they can not answer it.')
      if (teamId !== null && teamId !== work.teamId && !pointable.teamIds.has(teamId))
        throw new Refusal('NOT_ASSIGNABLE', 'This team does not answer the channel of this conversation.')
      return { ...work, assigneeId, teamId }
    }
    case 'resolve':
      return { ...work, status: 'resolved', snoozedUntil: null }
    case 'reopen':
      return { ...work, status: 'open', snoozedUntil: null }
    case 'snooze':
      return { ...work, status: 'snoozed', snoozedUntil: snoozeEnd(action.until, now) }
    case 'label': {
      const kept = work.labelIds.filter((id) => !action.remove.includes(id))
      const added = action.add.filter((id) => !kept.includes(id))
      if (added.some((id) => !pointable.labelIds.has(id)))
        throw new Refusal('NOT_FOUND', 'There is no such label any more.')
      return { ...work, labelIds: [...kept, ...new Set(added)] }
    }
    case 'markRead':
      return { ...work, unreadCount: 0 }
    case 'restore':
      return restored(work, action.before, pointable, now)
  }
}

function snoozeEnd(until: Date | null, now: Date): string | null {
  if (until === null) return null
  const aheadMs = until.getTime() - now.getTime()
  if (aheadMs <= 0) throw new Refusal('INPUT_INVALID', 'That moment is over. Choose a later one.')
  if (aheadMs > LONGEST_SNOOZE_MS)
    throw new Refusal('INPUT_INVALID', 'A conversation can be snoozed for a year at most.')
  return until.toISOString()
}

/** What has gone away since then can not be put back, and nothing that came since is called read. */
function restored(
  work: ConversationWork,
  before: ConversationWork,
  { agentIds, teamIds, labelIds }: Pointable,
  now: Date,
): ConversationWork {
  const isOver = before.snoozedUntil !== null && new Date(before.snoozedUntil) <= now
  const known = (id: string | null, ids: ReadonlySet<string>) => (id !== null && ids.has(id) ? id : null)
  return {
    status: before.status === 'snoozed' && isOver ? 'open' : before.status,
    snoozedUntil: before.status === 'snoozed' && !isOver ? before.snoozedUntil : null,
    assigneeId: known(before.assigneeId, agentIds),
    teamId: known(before.teamId, teamIds),
    labelIds: before.labelIds.filter((id) => labelIds.has(id)),
    unreadCount: Math.max(work.unreadCount, before.unreadCount),
  }
}

/** The work of a conversation as its snapshot tells it. */
export function workOf(conversation: ConversationSnapshot): ConversationWork {
  const { status, snoozedUntil, labelIds, unreadCount, assignee, team } = conversation
  return {
    status,
    snoozedUntil,
    labelIds,
    unreadCount,
    assigneeId: assignee?.id ?? null,
    teamId: team?.id ?? null,
  }
}
