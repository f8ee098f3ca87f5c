import type { Queryable } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { Json } from '../whatsapp/content.ts'
import type { Held } from './policy.ts'
import { mediaColumn } from './readMedia.ts'
import type { MessageSnapshot } from './snapshot.ts'
import { STATUS_RANK } from './statusLadder.ts'

type Moments = 'retryAt' | 'decideAt' | 'dismissedAt' | 'revokedAt'
type MessageRow = Omit<MessageSnapshot, 'sentAt' | Moments> & { sentAt: Date } & Record<Moments, Date | null>

const selectMessages = (sql: Queryable) => sql`
  select m.id, m.conversation_id, m.client_message_id, m.wamid, m.direction, m.type, m.body, m.content, m.context,
         ${mediaColumn(sql)}, m.status, m.attempt, m.error, m.position, m.sent_at, m.is_late, m.target_wamid,
         case when a.id is null then null else json_build_object('id', a.id, 'name', a.name) end as agent,
         coalesce(author.given_name, author.name, author.phone, author.username) as author_name, edit.newest as edit, revoke.at as revoked_at,
         m.dismissed_at, ${waitsOf(sql)}
  from messages m
  ${changesOf(sql)}
  left join media file on file.id = m.media_id
  left join agents a on a.id = m.agent_id
  left join contacts author on author.id = m.author_contact_id`

const snapshot = (row: MessageRow): MessageSnapshot => ({
  ...row,
  sentAt: row.sentAt.toISOString(),
  revokedAt: row.revokedAt?.toISOString() ?? null,
  retryAt: row.retryAt?.toISOString() ?? null,
  decideAt: row.decideAt?.toISOString() ?? null,
  dismissedAt: row.dismissedAt?.toISOString() ?? null,
})

/** What the outbox and earlier attempts add to a message `m`; looked up for the few that can have any of it. */
const waitsOf = (sql: Queryable) => sql`
  case when m.status = 'queued' then (
    select o.due_at from outbox o where o.message_id = m.id and o.state = 'queued' and o.last_error is not null
  ) end as retry_at,
  case when m.status = 'unknown' then (
    select o.due_at from outbox o where o.message_id = m.id and o.state = 'unknown'
  ) end as decide_at,
  m.attempt > 1 and exists (
    select 1 from message_attempts earlier
    join message_attempts later on later.message_id = earlier.message_id and later.number > earlier.number
    where earlier.message_id = m.id and earlier.status_rank >= ${STATUS_RANK.delivered}
  ) as was_delivered_earlier`

/**
 * What its sender did to a message `m` afterwards: rows of their own, found by their target, so that nothing is overwritten
 * and any order of arrival gives the same. Only the side that sent a message can change it.
 */
export const changesOf = (sql: Queryable) => sql`
  left join lateral (
    select json_build_object('body', e.body, 'content', e.content -> 'content', 'position', e.position,
             'editedAt', to_char(e.sent_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as newest
    from messages e
    where e.channel_id = m.channel_id and e.target_wamid = m.wamid and e.type = 'edit'
      and e.conversation_id = m.conversation_id and e.direction = m.direction
    order by e.position desc limit 1
  ) edit on true
  left join lateral (
    select min(r.sent_at) as at
    from messages r
    where r.channel_id = m.channel_id and r.target_wamid = m.wamid and r.type = 'revoke'
      and r.conversation_id = m.conversation_id and r.direction = m.direction
  ) revoke on true`

/** The messages with these ids, in thread order. Unknown ids are left out. */
export async function messagesById(sql: Queryable, ids: string[]): Promise<MessageSnapshot[]> {
  if (ids.length === 0) return []
  const rows = await sql<MessageRow[]>`
    ${selectMessages(sql)} where m.id = any(${ids}::uuid[]) order by m.position`
  return rows.map(snapshot)
}

/** The messages that were sent with these wamids, as far as they are here. */
export async function idsOfWamids(
  sql: Queryable,
  wamids: readonly { conversationId: string; wamid: string }[],
): Promise<string[]> {
  if (wamids.length === 0) return []
  const rows = await sql<{ id: string }[]>`
    select distinct m.id
    from ${unnest(sql, wamids, { conversationId: 'uuid', wamid: 'text' })}
    join conversations c on c.id = r."conversationId"
    join messages m on m.channel_id = c.channel_id and m.wamid = r.wamid and m.conversation_id = c.id`
  return rows.map((row) => row.id)
}

/** Which of these messages were edited or taken back before they themselves came. */
export async function changedBefore(
  sql: Queryable,
  messages: readonly { id: string; channelId: string; message: { wamid: string } }[],
): Promise<string[]> {
  const rows = messages.map(({ id, channelId, message }) => ({ id, channelId, wamid: message.wamid }))
  const changed = await sql<{ id: string }[]>`
    select distinct r.id
    from ${unnest(sql, rows, { id: 'uuid', channelId: 'uuid', wamid: 'text' })}
    join messages change on change.channel_id = r."channelId" and change.target_wamid = r.wamid
    where change.type in ('edit', 'revoke')`
  return changed.map((row) => row.id)
}

/** A message as WhatsApp delivered it, with its conversation's channel; null when there is no such message. */
export async function rawMessage(sql: Queryable, messageId: string): Promise<(Held & { raw: Json }) | null> {
  const [row] = await sql<(Held & { raw: Json })[]>`
    select c.channel_id, c.assignee_id, c.team_id, m.raw
    from messages m join conversations c on c.id = m.conversation_id where m.id = ${messageId}`
  return row ?? null
}

/** The conversation that a message stands in; null when there is no such message. Whoever calls asks the policy. */
export async function conversationOfMessage(sql: Queryable, messageId: string): Promise<string | null> {
  const [row] = await sql<{ conversationId: string }[]>`
    select conversation_id from messages where id = ${messageId}`
  return row?.conversationId ?? null
}
