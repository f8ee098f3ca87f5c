import type { Queryable } from '../../db/client.ts'
import type { MessageContent } from '../whatsapp/content.ts'
import { isInReach, type Reach } from './policy.ts'
import { Refusal } from './refusal.ts'
import type { MessageSnapshot } from './snapshot.ts'

/** What a message said from a moment on, until the next version or until it was taken back. */
export type MessageVersion = Pick<MessageSnapshot, 'body' | 'content'> & { saidAt: string }
export type MessageHistory = { versions: MessageVersion[]; revokedAt: string | null }

type Row = { body: string | null; content: MessageContent; sentAt: Date; type: string }

/**
 * All that a message said, first to last: what it was sent with, then its edits. Only the side that sent a message can change it.
 * Reason: NOT_FOUND, also for a message that is out of reach.
 */
export async function messageHistory(
  sql: Queryable,
  { messageId, reach }: { messageId: string; reach: Reach },
): Promise<MessageHistory> {
  const rows = await sql<Row[]>`
    select v.body, case when v.type = 'edit' then v.content -> 'content' else v.content end as content, v.sent_at, v.type
    from messages m
    join conversations c on c.id = m.conversation_id and ${isInReach(sql, reach)}
    join messages v on v.id = m.id or (
      v.channel_id = m.channel_id and v.target_wamid = m.wamid and v.type in ('edit', 'revoke')
      and v.conversation_id = m.conversation_id and v.direction = m.direction)
    where m.id = ${messageId}
    order by v.id <> m.id, v.position`
  if (rows.length === 0) throw new Refusal('NOT_FOUND', 'There is no such message.')
  const revokedAt = rows.find(({ type }) => type === 'revoke')?.sentAt.toISOString() ?? null
  const versions = rows
    .filter(({ type }) => type !== 'revoke')
    .map(({ body, content, sentAt }) => ({ body, content, saidAt: sentAt.toISOString() }))
  return { versions, revokedAt }
}
