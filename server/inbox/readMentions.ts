import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { type Held, isInReach, type Reach } from './policy.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'
import type { ConversationSnapshot, MessageSnapshot } from './snapshot.ts'

export type MentionPage = {
  /** Newest first. */
  mentions: { note: MessageSnapshot; conversation: ConversationSnapshot; readAt: string | null }[]
  /** Where the next page begins; null: this was the last. */
  nextCursor: string | null
}

/** The notes that mention an agent, as far as they may still see them. */
export async function mentionPage(
  sql: Queryable,
  { agentId, reach }: { agentId: string; reach: Reach },
  { cursor, limit, onlyUnread }: { cursor?: string | undefined; limit: number; onlyUnread: boolean },
): Promise<MentionPage> {
  // The ids of notes are made in the order in which they are written, closely enough for a list.
  const rows = await sql<{ messageId: string; readAt: Date | null }[]>`
    select n.message_id, n.read_at from mentions n
    join conversations c on c.id = n.conversation_id
    where n.agent_id = ${agentId} and ${isInReach(sql, reach)}
      ${onlyUnread ? sql`and n.read_at is null` : sql``}
      ${cursor ? sql`and n.message_id < ${cursor}::uuid` : sql``}
    order by n.message_id desc
    limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const notes = await messagesById(
    sql,
    page.map((row) => row.messageId),
  )
  const conversations = await conversationsById(sql, [...new Set(notes.map((note) => note.conversationId))])
  return {
    mentions: page.flatMap(({ messageId, readAt }) => {
      const note = notes.find((one) => one.id === messageId)
      const conversation = conversations.find((one) => one.id === note?.conversationId)
      return note && conversation ? [{ note, conversation, readAt: readAt?.toISOString() ?? null }] : []
    }),
    nextCursor: rows.length > limit ? (page.at(-1)?.messageId ?? null) : null,
  }
}

/** The agent has seen the notes of a conversation that mention them. Returns how many were new; the other tabs are told. */
export async function markMentionsRead(
  tx: Transaction,
  { agent, reach, conversationId }: { agent: Agent; reach: Reach; conversationId: string },
  now: Date,
): Promise<number> {
  const [read] = await tx<(Held & { count: number })[]>`
    with read as (
      update mentions set read_at = ${now.toISOString()}
      where agent_id = ${agent.id} and conversation_id = ${conversationId} and read_at is null
      returning conversation_id
    )
    select count(*)::int as count, c.channel_id, c.assignee_id, c.team_id
    from read join conversations c on c.id = read.conversation_id
    group by c.channel_id, c.assignee_id, c.team_id`
  if (!read) return 0
  const { workspaceId, id: agentId } = agent
  if (reach.covers(read)) {
    const event = { type: 'mentions.read' as const, conversationId, agentId }
    commitWithEvents(tx, [{ workspaceId, channelId: read.channelId, conversationId, event }])
  }
  return read.count
}
