import type { Queryable } from '../../db/client.ts'
import { hangsInReach, type Reach } from './policy.ts'
import type { Position } from './position.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'
import type { ConversationSnapshot, MessageSnapshot } from './snapshot.ts'

export type TroubledPage = {
  /** Newest first. */
  messages: { message: MessageSnapshot; conversation: ConversationSnapshot }[]
  /** Where the next page begins; null: this was the last. */
  nextCursor: string | null
  counts: { failed: number; unknown: number }
}

/** What failed or is in doubt within reach, and that nobody has put aside. */
export async function troubledMessages(
  sql: Queryable,
  { workspaceId, reach }: { workspaceId: string; reach: Reach },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<TroubledPage> {
  const isTroubled = sql`
    m.workspace_id = ${workspaceId} and m.direction = 'out' and m.status in ('failed', 'unknown')
    and m.dismissed_at is null and ${hangsInReach(sql, reach, 'm')}`
  const [position, id] = cursor?.split(' ') ?? []
  const rows = await sql<{ id: string; position: Position }[]>`
    select m.id, m.position from messages m
    where ${isTroubled} ${position && id ? sql`and (m.position, m.id) < (${position}, ${id}::uuid)` : sql``}
    order by m.position desc, m.id desc
    limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const messages = await messagesById(
    sql,
    page.map((row) => row.id),
  )
  const byId = new Map(messages.map((message) => [message.id, message]))
  const conversationIds = [...new Set(messages.map((message) => message.conversationId))]
  const conversations = new Map(
    (await conversationsById(sql, conversationIds)).map((conversation) => [conversation.id, conversation]),
  )
  const [counts] = await sql<{ failed: number; unknown: number }[]>`
    select count(*) filter (where m.status = 'failed')::int as failed,
           count(*) filter (where m.status = 'unknown')::int as unknown
    from messages m where ${isTroubled}`
  const last = page.at(-1)
  return {
    messages: page.flatMap(({ id: messageId }) => {
      const message = byId.get(messageId)
      const conversation = message && conversations.get(message.conversationId)
      return message && conversation ? [{ message, conversation }] : []
    }),
    nextCursor: rows.length > limit && last ? `${last.position} ${last.id}` : null,
    counts: counts ?? { failed: 0, unknown: 0 },
  }
}
