import type { Queryable } from '../../db/client.ts'
import { isInReach, type Reach } from './policy.ts'
import { contactColumn, conversationsById } from './readConversations.ts'
import { Refusal } from './refusal.ts'
import type { ContactSnapshot, ConversationSnapshot } from './snapshot.ts'

/** A contact with all that the panel beside a thread shows. */
export type ContactDetails = ContactSnapshot & {
  /** What they call themselves; `name` is what the team calls them, where it does. */
  profileName: string | null
  givenName: string | null
  /** What the team knows of them, by names that the team chose. */
  attributes: Record<string, string>
  identities: { kind: 'phone' | 'bsuid' | 'parent_bsuid' | 'group'; value: string }[]
  /** Newest first: one for each channel that they have written to. */
  conversations: ConversationSnapshot[]
  createdAt: string
}

type ContactRow = Omit<ContactDetails, keyof ContactSnapshot | 'conversations' | 'createdAt'> & {
  contact: ContactSnapshot
  conversationIds: string[]
  createdAt: Date
}

/** A contact who has a conversation within reach. Reason: NOT_FOUND. */
export async function readContact(sql: Queryable, contactId: string, reach: Reach): Promise<ContactDetails> {
  const [row] = await sql<ContactRow[]>`
    select ${contactColumn(sql)}, contact.name as profile_name, contact.given_name, contact.attributes, contact.created_at,
      coalesce((
        select json_agg(json_build_object('kind', i.kind, 'value', i.value) order by i.created_at, i.id)
        from contact_identities i where i.contact_id = contact.id
      ), '[]') as identities,
      array(
        select c.id from conversations c where c.contact_id = contact.id and ${isInReach(sql, reach)}
        order by c.last_position desc
      ) as conversation_ids
    from contacts contact where contact.id = ${contactId}`
  if (!row || row.conversationIds.length === 0)
    throw new Refusal('NOT_FOUND', 'There is no such contact, or it is not yours to see.')
  const { contact, conversationIds, createdAt, ...rest } = row
  const conversations = await conversationsById(sql, conversationIds)
  conversations.sort((a, b) => conversationIds.indexOf(a.id) - conversationIds.indexOf(b.id))
  return { ...contact, ...rest, conversations, createdAt: createdAt.toISOString() }
}
