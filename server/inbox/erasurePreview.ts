import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { contactWithAll } from './contactToErase.ts'
import type { Reach } from './policy.ts'

/** What there is of a contact: for the questions before an export and before an erasure. */
export type ContactInventory = {
  contactId: string
  kind: 'person' | 'group'
  /** What they are called; to be typed before they are erased. */
  name: string
  conversations: number
  /** Groups in which they wrote. */
  groups: number
  messages: number
  notes: number
  files: number
  fileBytes: number
  drafts: number
  scheduled: number
  /** In line to be sent: an erasure calls them back. */
  queued: number
  /** On their way this very moment: an erasure waits for them. */
  sending: number
}

type Counts = Omit<ContactInventory, 'contactId' | 'kind' | 'name' | 'conversations' | 'groups'>

/** Reasons as those of {@link contactWithAll}. */
export async function contactInventory(
  sql: Queryable,
  asked: { agent: Agent; reach: Reach<'contacts.export' | 'contacts.erase'>; contactId: string },
): Promise<ContactInventory> {
  const { contact, conversations, groups } = await contactWithAll(sql, asked, 'look')
  const ids = conversations.map((one) => one.id)
  const [counts] = await sql<Counts[]>`
    with theirs as (
      select m.direction, m.media_id from messages m
      where m.conversation_id = any(${ids}::uuid[]) or m.author_contact_id = ${contact.id}
    ), files as (
      select f.size_bytes from media f
      where f.conversation_id = any(${ids}::uuid[]) or f.id in (select media_id from theirs)
    ), line as (
      select state, count(*)::int as count from outbox where conversation_id = any(${ids}::uuid[]) group by state
    )
    select
      (select count(*)::int from theirs where direction <> 'note') as messages,
      (select count(*)::int from theirs where direction = 'note') as notes,
      (select count(*)::int from files) as files,
      (select coalesce(sum(size_bytes), 0)::float8 from files) as file_bytes,
      (select count(*)::int from drafts where conversation_id = any(${ids}::uuid[]) and body <> '') as drafts,
      (select count(*)::int from scheduled_messages
        where conversation_id = any(${ids}::uuid[]) and state in ('scheduled', 'sending')) as scheduled,
      coalesce((select count from line where state = 'queued'), 0) as queued,
      coalesce((select count from line where state = 'sending'), 0) as sending`
  if (!counts) throw new Error('Nothing was counted')
  const { id: contactId, kind, name } = contact
  return { contactId, kind, name, conversations: conversations.length, groups: groups.length, ...counts }
}
