import type { Queryable } from '../../db/client.ts'
import { type Position, positionOf } from './position.ts'
import { messagesById } from './readMessages.ts'
import { Refusal } from './refusal.ts'
import type { MessageSnapshot, ReactionSnapshot } from './snapshot.ts'

export type MessagePage = {
  /** In thread order, oldest first. */
  messages: MessageSnapshot[]
  /** The present reactions to the messages of this page. */
  reactions: ReactionSnapshot[]
  hasOlder: boolean
  hasNewer: boolean
  /** How many messages stand below the page, {@link MOST_COUNTED} at most; null upwards, where nobody asks. */
  newerCount: number | null
  /** The message that was jumped to: the first one at or behind the place asked for. */
  anchorId: string | null
  /** Unread ones of the customer that came long after they were sent, so that they may stand far above; with the newest end only. */
  late: LateMessage[]
}

export type LateMessage = Pick<MessageSnapshot, 'id' | 'position'>

/** One of them; the newest end when there is none. `around`: a position, an id, a wamid or a moment. */
export type PageAt = {
  before?: Position | undefined
  after?: Position | undefined
  around?: string | undefined
}

/** “999+” is as good as any larger number. */
const MOST_COUNTED = 1000
const MOST_LATE = 50

/** A page of the thread, of `limit` messages at most. Reason: NOT_FOUND for a message that is not in this conversation. */
export async function messagePage(
  sql: Queryable,
  conversationId: string,
  { before, after, around, limit }: PageAt & { limit: number },
): Promise<MessagePage> {
  if (around !== undefined) {
    const at = await positionAsked(sql, conversationId, around)
    const below = await places(sql, conversationId, { from: at }, Math.ceil(limit / 2))
    const above = await places(sql, conversationId, { before: at }, limit - below.ids.length)
    const rest = { hasOlder: above.hasMore, hasNewer: below.hasMore, anchorId: below.ids[0] ?? null }
    return pageOf(sql, conversationId, [...above.ids, ...below.ids], { ...rest, counted: below })
  }
  if (after !== undefined) {
    const below = await places(sql, conversationId, { after }, limit)
    return pageOf(sql, conversationId, below.ids, { hasOlder: true, hasNewer: below.hasMore, counted: below })
  }
  const above = await places(sql, conversationId, before === undefined ? {} : { before }, limit)
  const late = before === undefined ? await unreadLate(sql, conversationId) : []
  return pageOf(sql, conversationId, above.ids, {
    hasOlder: above.hasMore,
    hasNewer: before !== undefined,
    late,
  })
}

type Places = { ids: string[]; last: Position | null; hasMore: boolean }
type Side = { before?: Position; after?: Position; from?: Position }

/** The messages on one side of a place, in thread order. */
async function places(
  sql: Queryable,
  conversationId: string,
  { before, after, from }: Side,
  limit: number,
): Promise<Places> {
  const isDown = after !== undefined || from !== undefined
  const rows = await sql<{ id: string; position: Position }[]>`
    select id, position from messages where conversation_id = ${conversationId}
      ${before === undefined ? sql`` : sql`and position < ${before}`}
      ${after === undefined ? sql`` : sql`and position > ${after}`}
      ${from === undefined ? sql`` : sql`and position >= ${from}`}
    order by position ${isDown ? sql`asc` : sql`desc`}
    limit ${limit + 1}`
  const page = rows.slice(0, limit)
  if (!isDown) page.reverse()
  return {
    ids: page.map((row) => row.id),
    last: page.at(-1)?.position ?? null,
    hasMore: rows.length > limit,
  }
}

type Ends = {
  hasOlder: boolean
  hasNewer: boolean
  anchorId?: string | null
  counted?: Places
  late?: LateMessage[]
}

async function pageOf(
  sql: Queryable,
  conversationId: string,
  ids: string[],
  { counted, anchorId = null, late = [], ...ends }: Ends,
): Promise<MessagePage> {
  const messages = await messagesById(sql, ids)
  const wamids = messages.flatMap((message) => message.wamid ?? [])
  const reactions =
    wamids.length === 0
      ? []
      : await sql<ReactionSnapshot[]>`
          select r.target_wamid, r.actor, r.emoji, r.position
          from message_reactions r
          join conversations c on c.channel_id = r.channel_id and c.id = ${conversationId}
          where r.target_wamid = any(${wamids}::text[]) and r.emoji is not null`
  const newerCount = counted ? await countBelow(sql, conversationId, counted) : ends.hasNewer ? null : 0
  return { messages, reactions: [...reactions], ...ends, newerCount, anchorId, late }
}

/** One that waits for its transaction may be a little older than the moment at which the others were read. */
async function unreadLate(sql: Queryable, conversationId: string): Promise<LateMessage[]> {
  const rows = await sql<LateMessage[]>`
    select m.id, m.position
    from conversations c
    join messages m on m.conversation_id = c.id and m.is_late and m.direction = 'in'
      and m.created_at > coalesce(c.read_at, now() - interval '7 days') - interval '2 seconds'
    where c.id = ${conversationId} and c.unread_count > 0 and m.type not in ('reaction', 'edit', 'revoke')
    order by m.position desc limit ${MOST_LATE}`
  return [...rows].reverse()
}

/** What changes another message, or reacts to it, is no bubble of its own. */
async function countBelow(
  sql: Queryable,
  conversationId: string,
  { last, hasMore }: Places,
): Promise<number> {
  if (!hasMore || last === null) return 0
  const [below] = await sql<{ count: number }[]>`
    select count(*)::int as count from (
      select 1 from messages
      where conversation_id = ${conversationId} and position > ${last} and type not in ('reaction', 'edit', 'revoke')
      limit ${MOST_COUNTED}
    ) found`
  return below?.count ?? 0
}

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i
const MOMENT = /^\d{4}-\d\d-\d\d(?:T|$)/

/** The position that `around` means. */
async function positionAsked(sql: Queryable, conversationId: string, around: string): Promise<Position> {
  if (/^\d{34}$/.test(around)) return around
  if (MOMENT.test(around)) {
    const moment = new Date(around)
    if (Number.isNaN(moment.getTime()))
      throw new Refusal('INPUT_INVALID', 'That is no date.', { field: 'around' })
    return positionOf(moment, '0-0', 0)
  }
  const isId = UUID.test(around)
  const [row] = await sql<{ position: Position }[]>`
    select m.position from messages m join conversations c on c.id = m.conversation_id
    where m.conversation_id = ${conversationId}
      and ${isId ? sql`m.id = ${around}` : sql`m.channel_id = c.channel_id and m.wamid = ${around}`}`
  if (row) return row.position
  throw new Refusal('NOT_FOUND', 'There is no such message in this conversation.')
}
