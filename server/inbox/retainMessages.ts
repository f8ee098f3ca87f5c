import type { Queryable, Transaction } from '../../db/client.ts'
import { commitWithEvents, type NewEvent } from './commitWithEvents.ts'
import { lockConversations } from './lockConversations.ts'
import { positionOf } from './position.ts'
import { conversationsById } from './readConversations.ts'
import { releaseFiles } from './removeFiles.ts'
import { type DoomedMessage, doomedColumns, removeMessages } from './removeMessages.ts'
import { restOfConversations } from './restOfConversations.ts'
import { writeAudit } from './writeAudit.ts'

/** A channel that keeps messages for so many days. */
export type RetainingChannel = { id: string; workspaceId: string; retentionDays: number }

/** What was removed of it. */
export type RemovedCounts = { messages: number; files: number; fileBytes: number; conversations: number }

const DAY_MS = 24 * 60 * 60 * 1000

/** The channels that do not keep messages for ever. */
export async function retainingChannels(sql: Queryable): Promise<RetainingChannel[]> {
  const rows = await sql<RetainingChannel[]>`
    select id, workspace_id, retention_days from channels where retention_days is not null order by id`
  return [...rows]
}

/** Before when the messages of a channel are too old. */
export function tooOldBefore({ retentionDays }: RetainingChannel, now: Date): Date {
  return new Date(now.getTime() - retentionDays * DAY_MS)
}

/**
 * Up to `limit` messages of a channel that are older, conversation by conversation from `fromId` on. What waits to be sent, or is on
 * its way, is never too old.
 */
export async function oldMessages(
  sql: Queryable,
  channelId: string,
  before: Date,
  { fromId, limit }: { fromId: string; limit: number },
): Promise<{ id: string; conversationId: string }[]> {
  // By place, of which there is an index in each thread; it begins with the second in which a message was sent.
  const rows = await sql<{ id: string; conversationId: string }[]>`
    select old.id, c.id as conversation_id
    from conversations c cross join lateral (
      select m.id from messages m
      where m.conversation_id = c.id and m.position < ${positionOf(before, '0-0', 0)}
        and not exists (select 1 from outbox o where o.message_id = m.id and o.state in ('queued', 'sending'))
      order by m.position limit ${limit}
    ) old
    where c.channel_id = ${channelId} and c.id >= ${fromId}
    order by c.id limit ${limit}`
  return [...rows]
}

/** Removes messages with their files, in one transaction for all of these, and tells the tabs that show them. */
export async function removeOld(
  tx: Transaction,
  channel: RetainingChannel,
  found: readonly { id: string; conversationId: string }[],
): Promise<RemovedCounts> {
  const { workspaceId } = channel
  const conversations = await lockConversations(tx, [...new Set(found.map((one) => one.conversationId))])
  const rows = await tx<DoomedMessage[]>`
    select ${doomedColumns(tx)} from messages m where m.id = any(${found.map((one) => one.id)}::uuid[])`
  const messages = [...rows]
  await removeMessages(tx, messages)
  const mediaIds = messages.flatMap((message) => message.mediaId ?? [])
  const released = await releaseFiles(tx, mediaIds, { workspaceId })
  const ids = conversations.map((one) => one.id)
  await restOfConversations(tx, ids)
  const present = await conversationsById(tx, ids)
  commitWithEvents(
    tx,
    conversations.flatMap(({ id: conversationId, channelId }): NewEvent[] => {
      const conversation = present.find((one) => one.id === conversationId)
      const messageIds = messages.flatMap((one) => (one.conversationId === conversationId ? [one.id] : []))
      if (!conversation || messageIds.length === 0) return []
      const place = { workspaceId, channelId, conversationId }
      return [
        { ...place, event: { type: 'messages.removed', conversationId, messageIds } },
        { ...place, event: { type: 'conversation.changed', conversation } },
      ]
    }),
  )
  return {
    messages: messages.length,
    files: released.files,
    fileBytes: released.bytes,
    conversations: ids.length,
  }
}

/** Writes down what a day took away, in numbers. */
export async function auditRetention(
  tx: Transaction,
  { id: channelId, workspaceId, retentionDays }: RetainingChannel,
  before: Date,
  removed: RemovedCounts,
): Promise<void> {
  const details = { retentionDays, before: before.toISOString(), ...removed }
  await writeAudit(tx, { workspaceId, channelId, actorId: null, action: 'retention.applied', details })
}
