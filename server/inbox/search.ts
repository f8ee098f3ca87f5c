import type { Queryable } from '../../db/client.ts'
import { type Excerpt, excerptOf } from './excerpt.ts'
import { hangsInReach, isInReach, type Reach } from './policy.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'
import type { ConversationSnapshot, MessageSnapshot } from './snapshot.ts'
import { distinctWords, queryOf } from './words.ts'

export type SearchRequest = {
  workspaceId: string
  /** Nothing outside it is found. */
  reach: Reach
  text: string
  among: 'all' | 'messages' | 'notes' | 'contacts'
  conversationId?: string | undefined
}

/** A message or note: `message.position` is where to jump to (`messages.list` with `around`). */
export type MessageHit = { message: MessageSnapshot; conversation: ConversationSnapshot; excerpt: Excerpt }

export type SearchAnswer = {
  /** Newest first. */
  messages: MessageHit[]
  /** By their conversations, the one where something was said last first. Only with the first page. */
  conversations: ConversationSnapshot[]
  nextCursor: string | null
  /** What happened lately may not be found yet. */
  isBehind: boolean
}

const MOST_CONTACTS = 20
/** So few events are caught up with before anybody notices. */
const CLOSE_ENOUGH = 200

/** Finds messages, notes and contacts that have all the words of a text, or words that begin with them. */
export async function search(
  sql: Queryable,
  request: SearchRequest,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SearchAnswer> {
  const words = distinctWords(request.text)
  const query = queryOf(words)
  if (query === null) return { messages: [], conversations: [], nextCursor: null, isBehind: false }
  const { among, conversationId } = request
  const wantsContacts = (among === 'all' || among === 'contacts') && !cursor && conversationId === undefined
  const [found, conversations, isBehind] = await Promise.all([
    among === 'contacts' ? NOTHING : foundMessages(sql, request, query, words, { cursor, limit }),
    wantsContacts ? foundContacts(sql, request, query) : [],
    isIndexBehind(sql, request.workspaceId),
  ])
  return { ...found, conversations, isBehind }
}

type Found = Pick<SearchAnswer, 'messages' | 'nextCursor'>
const NOTHING: Found = { messages: [], nextCursor: null }

async function foundMessages(
  sql: Queryable,
  { workspaceId, reach, among, conversationId }: SearchRequest,
  query: string,
  words: string[],
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Found> {
  const [position, id] = cursor?.split(' ') ?? []
  const rows = await sql<{ messageId: string; position: string }[]>`
    select w.message_id, w.position from message_words w
    where w.words @@ ${query}::text::tsquery and w.workspace_id = ${workspaceId}
      and ${hangsInReach(sql, reach, 'w')}
      ${conversationId ? sql`and w.conversation_id = ${conversationId}` : sql``}
      ${among === 'notes' ? sql`and w.direction = 'note'` : sql``}
      ${among === 'messages' ? sql`and w.direction <> 'note'` : sql``}
      ${position && id ? sql`and (w.position, w.message_id) < (${position}, ${id}::uuid)` : sql``}
    order by w.position desc, w.message_id desc
    limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const read = await messagesById(
    sql,
    page.map((row) => row.messageId),
  )
  const messages = new Map(read.map((message) => [message.id, message]))
  const conversationIds = [...new Set(read.map((message) => message.conversationId))]
  const conversations = new Map(
    (await conversationsById(sql, conversationIds)).map((conversation) => [conversation.id, conversation]),
  )
  const last = page.at(-1)
  return {
    messages: page.flatMap(({ messageId }) => {
      const message = messages.get(messageId)
      const conversation = message && conversations.get(message.conversationId)
      if (!message || !conversation) return []
      return [{ message, conversation, excerpt: excerptOf(textOf(message), words) }]
    }),
    nextCursor: rows.length > limit && last ? `${last.position} ${last.messageId}` : null,
  }
}

/** What was found of it: its newest words, else the name of its file. */
function textOf({ edit, body, content }: MessageSnapshot): string {
  const filename = 'filename' in content ? content.filename : null
  return (edit ? edit.body : body) ?? filename ?? ''
}

/** Contacts are shown by their conversations: that is what can be opened, and what decides who may see them. */
async function foundContacts(
  sql: Queryable,
  { workspaceId, reach }: SearchRequest,
  query: string,
): Promise<ConversationSnapshot[]> {
  const rows = await sql<{ id: string }[]>`
    select c.id from contact_words w join conversations c on c.contact_id = w.contact_id
    where w.words @@ ${query}::text::tsquery and w.workspace_id = ${workspaceId}
      and ${isInReach(sql, reach)}
    order by c.last_position desc limit ${MOST_CONTACTS}`
  const ids = rows.map((row) => row.id)
  const conversations = await conversationsById(sql, ids)
  return conversations.toSorted((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id))
}

async function isIndexBehind(sql: Queryable, workspaceId: string): Promise<boolean> {
  const [row] = await sql<{ isBehind: boolean }[]>`
    select p.workspace_id is null or p.messages_after is not null or p.contacts_after is not null
      or c.last_seq - p.seq > ${CLOSE_ENOUGH} as is_behind
    from event_counters c left join search_progress p on p.workspace_id = c.workspace_id
    where c.workspace_id = ${workspaceId}`
  return row?.isBehind ?? false
}
