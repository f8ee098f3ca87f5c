import type { Queryable } from '../../db/client.ts'
import { isInReach, type Reach } from './policy.ts'
import { messagesById } from './readMessages.ts'
import type { MediaKind, MessageSnapshot } from './snapshot.ts'

export type SharedMediaPage = {
  /** Newest first; each has its file in `media`. */
  messages: MessageSnapshot[]
  /** Where the next page begins; null: this was the last. */
  nextCursor: string | null
}

/** The messages with files of all conversations of a contact that are within reach; nothing for a contact who has none. */
export async function sharedMedia(
  sql: Queryable,
  { contactId, reach, kinds }: { contactId: string; reach: Reach; kinds?: MediaKind[] | undefined },
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<SharedMediaPage> {
  const [position, id] = cursor?.split(' ') ?? []
  // From the files, which are few, and not from the messages, which are many.
  const rows = await sql<{ id: string; position: string }[]>`
    select m.id, m.position from conversations c
    join media file on file.conversation_id = c.id
    join messages m on m.media_id = file.id and m.conversation_id = c.id
    where c.contact_id = ${contactId} and ${isInReach(sql, reach)}
      ${kinds ? sql`and file.kind = any(${kinds}::text[])` : sql``}
      ${position && id ? sql`and (m.position, m.id) < (${position}, ${id}::uuid)` : sql``}
    order by m.position desc, m.id desc
    limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const messages = await messagesById(
    sql,
    page.map((row) => row.id),
  )
  const last = page.at(-1)
  return {
    messages: messages.reverse(),
    nextCursor: rows.length > limit && last ? `${last.position} ${last.id}` : null,
  }
}
