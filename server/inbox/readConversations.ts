import type { Queryable } from '../../db/client.ts'
import type { Position } from './position.ts'
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

/** The columns of a {@link ConversationRow}: of a conversation `c` with its `contact` and, maybe, its `assignee`. */
export const conversationColumns = (sql: Queryable) => sql`
  c.id, c.channel_id, c.status, c.unread_count, c.last_position, c.last_inbound_at, c.free_entry_ends_at, c.version::int, c.created_at,
  c.snoozed_until, c.label_ids,
  json_build_object('id', contact.id, 'kind', contact.kind, 'name', coalesce(contact.given_name, contact.name), 'phone', contact.phone,
    'username', contact.username,
    'optedOutAt', to_char(contact.opted_out_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as contact,
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
  channelIds: string[],
): Promise<ConversationSnapshot | null> {
  const [row] = await sql<ListedRow[]>`
    ${selectConversations(sql)}
    where c.id = ${conversationId} and c.channel_id = any(${channelIds}::uuid[])`
  return row ? snapshot(row) : null
}

export type ConversationView = 'all' | 'mine' | 'unassigned' | 'unread'

const viewCondition = (sql: Queryable, view: ConversationView, agentId: string) =>
  ({
    all: () => sql`true`,
    mine: () => sql`c.assignee_id = ${agentId}`,
    unassigned: () => sql`c.assignee_id is null`,
    unread: () => sql`c.unread_count > 0`,
  })[view]()

export type ConversationPage = { conversations: ConversationSnapshot[]; hasMore: boolean }

/** A page of the list, newest first: the `limit` conversations that stand below `before`. */
export async function conversationPage(
  sql: Queryable,
  of: { workspaceId: string; agentId: string; channelIds: string[]; view: ConversationView },
  { before, limit }: { before?: Position | undefined; limit: number },
): Promise<ConversationPage> {
  const rows = await sql<ListedRow[]>`
    ${selectConversations(sql)}
    where c.workspace_id = ${of.workspaceId} and c.channel_id = any(${of.channelIds}::uuid[])
      and c.last_position > '' and ${viewCondition(sql, of.view, of.agentId)}
      ${before ? sql`and c.last_position < ${before}` : sql``}
    order by c.last_position desc
    limit ${limit + 1}`
  return { conversations: rows.slice(0, limit).map(snapshot), hasMore: rows.length > limit }
}

/** How many conversations each view holds. */
export async function viewCounts(
  sql: Queryable,
  of: { workspaceId: string; agentId: string; channelIds: string[] },
): Promise<Record<ConversationView, number>> {
  const [counts] = await sql<Record<ConversationView, number>[]>`
    select count(*)::int as all,
           count(*) filter (where ${viewCondition(sql, 'mine', of.agentId)})::int as mine,
           count(*) filter (where ${viewCondition(sql, 'unassigned', of.agentId)})::int as unassigned,
           count(*) filter (where ${viewCondition(sql, 'unread', of.agentId)})::int as unread
    from conversations c
    where c.workspace_id = ${of.workspaceId} and c.channel_id = any(${of.channelIds}::uuid[]) and c.last_position > ''`
  return counts ?? { all: 0, mine: 0, unassigned: 0, unread: 0 }
}
