import type { Queryable } from '../../db/client.ts'
import { contactsToJoin } from './contactsToJoin.ts'
import type { ContactMerge } from './mergeContacts.ts'
import { type ContactDetails, readContact } from './readContact.ts'

/** What a merge would do, for the question before it. */
export type MergePreview = {
  /** Who stays, as they are now. */
  into: ContactDetails
  /** Who becomes part of them. */
  contact: ContactDetails
  /** Their conversations; `joins`: one of the same channel is there already, and becomes one with it. */
  conversations: { conversationId: string; channelId: string; messages: number; joins: boolean }[]
}

/** Reasons as those of `mergeContacts`: whoever may not join them learns it before. */
export async function mergePreview(sql: Queryable, merge: ContactMerge): Promise<MergePreview> {
  const { conversations, pairs } = await contactsToJoin(sql, merge, 'look')
  const theirs = conversations.filter((one) => one.contactId === merge.contactId)
  const counts = await sql<{ conversationId: string; messages: number }[]>`
    select conversation_id, count(*)::int as messages from messages
    where conversation_id = any(${theirs.map((one) => one.id)}::uuid[]) group by conversation_id`
  const [into, contact] = await Promise.all([
    readContact(sql, merge.intoContactId, merge.reach),
    readContact(sql, merge.contactId, merge.reach),
  ])
  return {
    into,
    contact,
    conversations: theirs.map(({ id, channelId }) => ({
      conversationId: id,
      channelId,
      messages: counts.find((row) => row.conversationId === id)?.messages ?? 0,
      joins: pairs.some((pair) => pair.from === id),
    })),
  }
}
