import type { Queryable } from '../../db/client.ts'
import { isInReach, type Reach } from './policy.ts'
import { changesOf } from './readMessages.ts'
import { windowClosesAt } from './serviceWindow.ts'
import type { ConversationSnapshot, LastMessage, MessageSnapshot } from './snapshot.ts'

export type ConversationRow = Omit<
  ConversationSnapshot,
  'windowClosesAt' | 'freeEntryEndsAt' | 'snoozedUntil' | 'createdAt' | 'lastMessage'
> & {
  snoozedUntil: Date | null
  lastInboundAt: Date | null
  freeEntryEndsAt: Date | null
  createdAt: Date
}

/** The snapshot of a row `contact`. */
export const contactColumn = (sql: Queryable) => sql`
  json_build_object('id', contact.id, 'kind', contact.kind, 'name', coalesce(contact.given_name, contact.name), 'phone', contact.phone,
    'username', contact.username,
    'optedOutAt', to_char(contact.opted_out_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as contact`

/** The columns of a {@link ConversationRow}: of a conversation `c` with its `contact` and, maybe, its `assignee`. */
export const conversationColumns = (sql: Queryable) => sql`
  c.id, c.channel_id, c.status, c.unread_count, c.last_position, c.last_inbound_at, c.free_entry_ends_at, c.version::int, c.created_at,
  c.snoozed_until, c.label_ids,
  ${contactColumn(sql)},
  case when assignee.id is null then null
    else json_build_object('id', assignee.id, 'name', assignee.name) end as assignee,
  (select json_build_object('id', team.id, 'name', team.name) from teams team where team.id = c.team_id) as team`

const selectConversations = (sql: Queryable) => sql`
  select ${conversationColumns(sql)},
         case when m.id is null then null
           else json_build_object('id', m.id, 'direction', m.direction, 'type', m.type,
             'body', left(coalesce(edit.newest ->> 'body', m.body), ${LONGEST_PREVIEW}),
             'content', coalesce(edit.newest -> 'content', m.content),
             'isRevoked', revoke.at is not null, 'status', m.status, 'attempt', m.attempt,
             'sentAt', to_char(m.sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'agentName', sender.name) end as last_message
  from conversations c
  join contacts contact on contact.id = c.contact_id
  left join agents assignee on assignee.id = c.assignee_id
  left join messages m on m.id = c.last_message_id
  ${changesOf(sql)}
  left join agents sender on sender.id = m.agent_id`

/** What the list shows of a text, in characters. */
const LONGEST_PREVIEW = 200

type ListedRow = ConversationRow & { lastMessage: LastMessage | null }

const snapshot = ({ lastMessage, ...row }: ListedRow) => conversationSnapshot(row, lastMessage)

/** A row as it goes over the wire. */
export function conversationSnapshot(
  { lastInboundAt, freeEntryEndsAt, snoozedUntil, createdAt, ...row }: ConversationRow,
  lastMessage: LastMessage | null,
): ConversationSnapshot {
  return {
    ...row,
    lastMessage,
    windowClosesAt: windowClosesAt(lastInboundAt)?.toISOString() ?? null,
    freeEntryEndsAt: freeEntryEndsAt?.toISOString() ?? null,
    snoozedUntil: snoozedUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  }
}

/** What the list shows of a message that nobody has edited or taken back. */
export function lastMessageOf(message: MessageSnapshot): LastMessage {
  const { id, direction, type, content, status, attempt, sentAt } = message
  const body = message.body?.slice(0, LONGEST_PREVIEW) ?? null
  return {
    id,
    direction,
    type,
    body,
    content,
    status,
    attempt,
    sentAt,
    agentName: message.agent?.name ?? null,
    isRevoked: false,
  }
}

/** The conversations with these ids, in no particular order. Whoever calls has asked the policy. */
export async function conversationsById(sql: Queryable, ids: string[]): Promise<ConversationSnapshot[]> {
  if (ids.length === 0) return []
  const rows = await sql<ListedRow[]>`${selectConversations(sql)} where c.id = any(${ids}::uuid[])`
  return rows.map(snapshot)
}

/** One conversation, when it is within reach; null otherwise, so that nobody learns whether it exists. */
export async function conversationInReach(
  sql: Queryable,
  conversationId: string,
  reach: Reach,
): Promise<ConversationSnapshot | null> {
  const [row] = await sql<ListedRow[]>`
    ${selectConversations(sql)}
    where c.id = ${conversationId} and ${isInReach(sql, reach)}`
  return row ? snapshot(row) : null
}
