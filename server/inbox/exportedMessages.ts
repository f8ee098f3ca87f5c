import type { Queryable } from '../../db/client.ts'
import type { Json } from '../whatsapp/content.ts'
import { messagesById } from './readMessages.ts'
import type { MessageSnapshot } from './snapshot.ts'

/** Of which conversation, and whose messages of it. */
export type ExportedThread = {
  conversationId: string
  /** In a group only what they wrote themselves: the rest is said by others. */
  authorContactId: string | null
  hasNotes: boolean
}

/** A message with all that is kept of it. */
export type ExportedMessage = MessageSnapshot & {
  /** As WhatsApp delivered it, where that is kept. */
  raw: Json
  reactions: { by: 'customer' | 'us'; emoji: string }[]
}

const PAGE_SIZE = 200

/** The messages of a thread, oldest first, a page in memory at a time. */
export async function* exportedMessages(
  sql: Queryable,
  { conversationId, authorContactId, hasNotes }: ExportedThread,
): AsyncGenerator<ExportedMessage> {
  let after = { position: '', id: '00000000-0000-0000-0000-000000000000' }
  for (;;) {
    const rows = await sql<
      { id: string; position: string; raw: Json; reactions: ExportedMessage['reactions'] }[]
    >`
      select m.id, m.position, m.raw, coalesce((
          select json_agg(json_build_object('by', case when mr.actor like 'contact:%' then 'customer' else 'us' end, 'emoji', mr.emoji))
          from message_reactions mr
          where mr.channel_id = m.channel_id and mr.target_wamid = m.wamid and mr.emoji is not null
        ), '[]') as reactions
      from messages m
      where m.conversation_id = ${conversationId} and (m.position, m.id) > (${after.position}, ${after.id}::uuid)
        ${authorContactId ? sql`and m.author_contact_id = ${authorContactId}` : sql``}
        ${hasNotes ? sql`` : sql`and m.direction <> 'note'`}
      order by m.position, m.id limit ${PAGE_SIZE}`
    const snapshots = new Map(
      (
        await messagesById(
          sql,
          rows.map((row) => row.id),
        )
      ).map((message) => [message.id, message]),
    )
    for (const { id, raw, reactions } of rows) {
      const message = snapshots.get(id)
      if (message) yield { ...message, raw, reactions }
    }
    const last = rows.at(-1)
    if (!last || rows.length < PAGE_SIZE) return
    after = last
  }
}
