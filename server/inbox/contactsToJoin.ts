import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import type { JoinedPair } from './joinConversations.ts'
import type { Held, Reach } from './policy.ts'
import { Refusal } from './refusal.ts'

type Wanted = { agent: Agent; reach: Reach<'contacts.change'>; intoContactId: string; contactId: string }
export type ConversationToJoin = Held & { id: string; workspaceId: string; contactId: string }
export type ToJoin = {
  /** All of both. */
  conversations: ConversationToJoin[]
  /** Those that are on one channel. */
  pairs: JoinedPair[]
}

/**
 * Two contacts whom an agent may join, with all of their conversations. `lock`: until commit, so that it holds; the contacts
 * first, for with them locked no conversation is opened and no identity is added.
 */
export async function contactsToJoin(
  sql: Queryable,
  { agent, reach, intoContactId, contactId }: Wanted,
  mode: 'look' | 'lock',
): Promise<ToJoin> {
  const forUpdate = mode === 'lock' ? sql`for update` : sql``
  const ids = [intoContactId, contactId]
  const contacts = await sql<{ id: string; kind: string }[]>`
    select id, kind from contacts where id = any(${ids}::uuid[]) and workspace_id = ${agent.workspaceId}
    order by id ${forUpdate}`
  const found = await sql<ConversationToJoin[]>`
    select id, workspace_id, channel_id, contact_id, assignee_id, team_id from conversations
    where contact_id = any(${contacts.map((contact) => contact.id)}::uuid[])
    order by id ${forUpdate}`
  const conversations = [...found]
  const isSeen = (id: string) => conversations.some((one) => one.contactId === id && reach.covers(one))
  if (!ids.every(isSeen))
    throw new Refusal('NOT_FOUND', 'There is no such contact, or it is not yours to see.')
  if (intoContactId === contactId)
    throw new Refusal('INPUT_INVALID', 'This is the same contact. Choose another one.')
  if (contacts.some(({ kind }) => kind !== 'person'))
    throw new Refusal('INPUT_INVALID', 'A group can not be joined with anything.')
  if (!conversations.every((one) => reach.covers(one))) {
    const sentence =
      'They have conversations that you can not see, which would change too. Ask somebody who sees all of them.'
    throw new Refusal('FORBIDDEN', sentence)
  }
  const staying = new Map(
    conversations.filter((one) => one.contactId === intoContactId).map((one) => [one.channelId, one.id]),
  )
  const pairs = conversations.flatMap(({ id, contactId: owner, channelId }) => {
    const into = staying.get(channelId)
    return owner === contactId && into !== undefined ? [{ from: id, into }] : []
  })
  return { conversations, pairs }
}
