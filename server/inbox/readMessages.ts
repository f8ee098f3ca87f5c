import type { Queryable } from '../../db/client.ts'
import type { Json, MessageContent, MessageContext, MessageError } from '../whatsapp/content.ts'
import type { Position } from './position.ts'
import type { AgentName, MessageSnapshot, ReactionSnapshot } from './snapshot.ts'
import type { MessageStatus } from './statusLadder.ts'

type MessageRow = {
  id: string
  conversationId: string
  clientMessageId: string | null
  wamid: string | null
  direction: 'in' | 'out'
  type: string
  body: string | null
  content: MessageContent
  context: MessageContext | null
  status: MessageStatus
  attempt: number
  error: MessageError | null
  agent: AgentName | null
  authorName: string | null
  position: Position
  sentAt: Date
  isLate: boolean
  targetWamid: string | null
}

const selectMessages = (sql: Queryable) => sql`
  select m.id, m.conversation_id, m.client_message_id, m.wamid, m.direction, m.type, m.body, m.content, m.context,
         m.status, m.attempt, m.error, m.position, m.sent_at, m.is_late, m.target_wamid,
         case when a.id is null then null else jsonb_build_object('id', a.id, 'name', a.name) end as agent,
         coalesce(author.name, author.phone, author.username) as author_name
  from messages m
  left join agents a on a.id = m.agent_id
  left join contacts author on author.id = m.author_contact_id`

const snapshot = (row: MessageRow): MessageSnapshot => ({ ...row, sentAt: row.sentAt.toISOString() })

/** The messages with these ids, in thread order. Unknown ids are left out. */
export async function messagesById(sql: Queryable, ids: string[]): Promise<MessageSnapshot[]> {
  if (ids.length === 0) return []
  const rows = await sql<MessageRow[]>`
    ${selectMessages(sql)} where m.id = any(${ids}::uuid[]) order by m.position`
  return rows.map(snapshot)
}

export type MessagePage = {
  /** In thread order, oldest first. */
  messages: MessageSnapshot[]
  /** The present reactions to the messages of this page. */
  reactions: ReactionSnapshot[]
  hasOlder: boolean
}

/** A page of the thread: the `limit` messages that stand before `before`, or the newest ones. */
export async function messagePage(
  sql: Queryable,
  conversationId: string,
  { before, limit }: { before?: Position | undefined; limit: number },
): Promise<MessagePage> {
  const rows = await sql<MessageRow[]>`
    ${selectMessages(sql)}
    where m.conversation_id = ${conversationId} ${before ? sql`and m.position < ${before}` : sql``}
    order by m.position desc
    limit ${limit + 1}`
  const messages = rows.slice(0, limit).map(snapshot).reverse()
  const wamids = messages.flatMap((message) => message.wamid ?? [])
  const reactions = await sql<ReactionSnapshot[]>`
    select r.target_wamid, r.actor, r.emoji, r.position
    from message_reactions r
    join conversations c on c.channel_id = r.channel_id and c.id = ${conversationId}
    where r.target_wamid = any(${wamids}::text[]) and r.emoji is not null`
  return { messages, reactions: [...reactions], hasOlder: rows.length > limit }
}

/** A message as WhatsApp delivered it, with its conversation's channel; null when there is no such message. */
export async function rawMessage(
  sql: Queryable,
  messageId: string,
): Promise<{ channelId: string; raw: Json } | null> {
  const [row] = await sql<{ channelId: string; raw: Json }[]>`
    select channel_id, raw from messages where id = ${messageId}`
  return row ?? null
}
