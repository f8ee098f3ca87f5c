import type { Transaction } from '../../db/client.ts'
import { enqueueJobs } from '../../db/enqueueJobs.ts'
import { unnest } from '../../db/unnest.ts'
import type { NewEvent } from './commitWithEvents.ts'
import type { ConversationWork } from './decideWork.ts'
import type { LockedConversation } from './lockConversations.ts'
import { conversationsById } from './readConversations.ts'
import type { ConversationSnapshot } from './snapshot.ts'
import { workInTrail } from './workInTrail.ts'
import { writeTrail } from './writeTrail.ts'

/** What is to become of one conversation; `before` was read under its lock. */
export type WorkChange = {
  conversation: LockedConversation
  before: ConversationWork
  after: ConversationWork
}

export type AppliedWork = { conversations: Map<string, ConversationSnapshot>; events: NewEvent[] }

/**
 * Writes what was decided about conversations, tells the trail, and has those woken that sleep until a moment. They are locked
 * by the caller. A constant number of statements; what does not differ writes nothing and makes no event.
 */
export async function applyWork(
  tx: Transaction,
  changes: readonly WorkChange[],
  actorId: string | null,
): Promise<AppliedWork> {
  const changed = changes.filter(({ before, after }) => !Bun.deepEquals(before, after))
  if (changed.length === 0) return { conversations: new Map(), events: [] }
  const rows = changed.map(({ conversation, after: { labelIds, ...after } }) => ({
    id: conversation.id,
    ...after,
    labelIds: `{${labelIds.join(',')}}`,
  }))
  await tx`
    update conversations c
    set status = r.status, snoozed_until = r."snoozedUntil", assignee_id = r."assigneeId", team_id = r."teamId",
        label_ids = r."labelIds"::uuid[], unread_count = r."unreadCount",
        read_at = case when c.unread_count > 0 and r."unreadCount" = 0 then now() else c.read_at end,
        version = c.version + 1
    from ${unnest(tx, rows, {
      id: 'uuid',
      status: 'text',
      snoozedUntil: 'timestamptz',
      assigneeId: 'uuid',
      teamId: 'uuid',
      labelIds: 'text',
      unreadCount: 'integer',
    })}
    where c.id = r.id`
  await writeTrail(
    tx,
    changed.flatMap(({ conversation: { id: conversationId, workspaceId, channelId }, before, after }) =>
      workInTrail(before, after).map((line) => ({
        workspaceId,
        channelId,
        conversationId,
        actorId,
        ...line,
      })),
    ),
  )
  await enqueueJobs(
    tx,
    'conversation.wake',
    changed.flatMap(({ conversation, before, after: { snoozedUntil: until } }) =>
      until === null || until === before.snoozedUntil ? [] : [{ conversationId: conversation.id, until }],
    ),
    ({ until }) => new Date(until),
  )
  const read = await conversationsById(
    tx,
    changed.map((one) => one.conversation.id),
  )
  const conversations = new Map(read.map((conversation) => [conversation.id, conversation]))
  const events = changed.map(({ conversation: place, before, after }): NewEvent => {
    const { id: conversationId, workspaceId, channelId } = place
    const conversation = conversations.get(conversationId)
    if (!conversation) throw new Error('A locked conversation can not be read')
    const event = { type: 'conversation.changed' as const, conversation }
    const isMoved = before.assigneeId !== after.assigneeId || before.teamId !== after.teamId
    return { workspaceId, channelId, conversationId, was: isMoved ? before : null, event }
  })
  return { conversations, events }
}
