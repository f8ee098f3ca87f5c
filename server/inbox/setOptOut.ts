import type { Queryable, Transaction } from '../../db/client.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { conversationsConcerned, keepOptOuts } from './keepOptOuts.ts'
import { lockConversations } from './lockConversations.ts'
import type { Reach } from './policy.ts'
import { contactColumn } from './readConversations.ts'
import { Refusal } from './refusal.ts'
import type { ContactSnapshot } from './snapshot.ts'

type Wish = { contactId: string; isOptedOut: boolean; reach: Reach<'contacts.change'> }

/** Keeps what a contact told an agent of marketing. Refused with NOT_FOUND for a contact out of the agent's reach. */
export async function setOptOut(
  tx: Transaction,
  { contactId, isOptedOut, reach }: Wish,
  now: Date,
): Promise<ContactSnapshot> {
  const ids = await conversationsConcerned(tx, { contactIds: [contactId], messageIds: [] })
  const locked = await lockConversations(tx, ids)
  if (!locked.some((conversation) => reach.covers(conversation)))
    throw new Refusal('NOT_FOUND', 'There is no such contact, or it is not yours to see.')
  const events = await keepOptOuts(tx, [{ contactId, isOptedOut, source: 'agent', saidAt: now }])
  const contact = await contactById(tx, contactId)
  commitWithEvents(tx, events)
  return contact
}

async function contactById(sql: Queryable, contactId: string): Promise<ContactSnapshot> {
  const [row] = await sql<{ contact: ContactSnapshot }[]>`
    select ${contactColumn(sql)} from contacts contact where contact.id = ${contactId}`
  if (!row) throw new Error('A contact with a conversation is gone')
  return row.contact
}
