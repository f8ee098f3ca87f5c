import type { Queryable } from '../../db/client.ts'
import { isInReach, type Reach } from './policy.ts'
import { messagesById } from './readMessages.ts'
import type { SharedMediaPage } from './sharedMedia.ts'

/** How many messages are looked through for one page: a long thread without links must not cost more than a short one. */
const LOOKED_THROUGH = 5_000

/** Messages of a contact with a link in their words, newest first, within reach; nothing for a contact who has none. */
export async function sharedLinks(
  sql: Queryable,
  { contactId, reach }: { contactId: string; reach: Reach },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SharedMediaPage> {
  const [position, id] = cursor?.split(' ') ?? []
  const rows = await sql<{ id: string; position: string; isFound: boolean }[]>`
    select m.id, m.position, m.body ~* '(https?://|www[.])[^[:space:]]' as is_found
    from messages m join conversations c on c.id = m.conversation_id
    where c.contact_id = ${contactId} and ${isInReach(sql, reach)}
      and m.body is not null and m.direction <> 'note'
      ${position && id ? sql`and (m.position, m.id) < (${position}, ${id}::uuid)` : sql``}
    order by m.position desc, m.id desc
    limit ${LOOKED_THROUGH}`
  const found = rows.filter((row) => row.isFound)
  const page = found.slice(0, limit)
  const messages = await messagesById(
    sql,
    page.map((row) => row.id),
  )
  const last = found.length > limit ? page.at(-1) : rows.length === LOOKED_THROUGH ? rows.at(-1) : undefined
  return { messages: messages.reverse(), nextCursor: last ? `${last.position} ${last.id}` : null }
}
