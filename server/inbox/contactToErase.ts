import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import type { Held, Reach } from './policy.ts'
import { Refusal } from './refusal.ts'

export type ErasedContact = {
  id: string
  kind: 'person' | 'group'
  /** What it is called, and what is to be typed to erase it. */
  name: string
  phone: string | null
  identities: { kind: string; value: string }[]
}

export type HeldConversation = Held & { id: string; workspaceId: string; contactId: string }

export type ContactWithAll = {
  contact: ErasedContact
  /** Their own. */
  conversations: HeldConversation[]
  /** Groups in which they wrote: those stay, without what they wrote. */
  groups: HeldConversation[]
}

type Asked = { agent: Agent; reach: Reach<'contacts.export' | 'contacts.erase'>; contactId: string }

/** For who has neither a name nor a number. */
const NAMELESS = 'ERASE'

/**
 * A contact with everything that is theirs, for whoever may have all of it: a part of somebody's data is neither an answer to their
 * question nor an erasure. `lock`: until commit, the contact first, so that nothing new is hung on them.
 *
 * Reasons: NOT_FOUND, FORBIDDEN.
 */
export async function contactWithAll(
  sql: Queryable,
  { agent, reach, contactId }: Asked,
  mode: 'look' | 'lock',
): Promise<ContactWithAll> {
  const forUpdate = mode === 'lock' ? sql`for update` : sql``
  const [row] = await sql<(Omit<ErasedContact, 'name'> & { name: string | null })[]>`
    select c.id, c.kind, coalesce(c.given_name, c.name, c.phone, c.username) as name, c.phone,
      coalesce((
        select json_agg(json_build_object('kind', i.kind, 'value', i.value) order by i.created_at, i.id)
        from contact_identities i where i.contact_id = c.id
      ), '[]') as identities
    from contacts c where c.id = ${contactId} and c.workspace_id = ${agent.workspaceId} ${forUpdate}`
  const found = await sql<HeldConversation[]>`
    select c.id, c.workspace_id, c.channel_id, c.contact_id, c.assignee_id, c.team_id from conversations c
    where c.contact_id = ${contactId}
      or c.id in (select m.conversation_id from messages m where m.author_contact_id = ${contactId})
    order by c.id ${forUpdate}`
  const all = [...found]
  if (!row || !all.some((one) => reach.covers(one)))
    throw new Refusal('NOT_FOUND', 'There is no such contact, or it is not yours to see.')
  if (!all.every((one) => reach.covers(one))) {
    const sentence = 'They have conversations that you can not see. Ask somebody who sees all of them.'
    throw new Refusal('FORBIDDEN', sentence)
  }
  return {
    contact: { ...row, name: row.name?.trim() || NAMELESS },
    conversations: all.filter((one) => one.contactId === contactId),
    groups: all.filter((one) => one.contactId !== contactId),
  }
}
