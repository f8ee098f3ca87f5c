import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents, type NewEvent } from './commitWithEvents.ts'
import { contactsToJoin } from './contactsToJoin.ts'
import { joinContactRows } from './joinContactRows.ts'
import { joinConversations } from './joinConversations.ts'
import type { Reach } from './policy.ts'
import { type ContactDetails, readContact } from './readContact.ts'
import { conversationsById } from './readConversations.ts'
import { writeTrail } from './writeTrail.ts'

export type ContactMerge = {
  agent: Agent
  reach: Reach<'contacts.change'>
  /** Who stays. */
  intoContactId: string
  /** Who becomes part of them. */
  contactId: string
}

export type MergedContacts = {
  contact: ContactDetails
  /** Which conversation became part of which. */
  joined: { conversationId: string; into: string }[]
}

/**
 * Makes two contacts one, because somebody knows that they are the same person. Whoever stays has the identities of both, so what
 * WhatsApp delivers for either finds them; two conversations on one channel become one, and all others go over as they are.
 * docs/decisions/0020 says what of two becomes of one, and how it holds while messages come in.
 *
 * Locks: both contacts FOR UPDATE before all else, so that nothing new can be hung on them; their conversations by id; the event
 * counter. Reasons: NOT_FOUND, FORBIDDEN, INPUT_INVALID.
 */
export async function mergeContacts(tx: Transaction, merge: ContactMerge): Promise<MergedContacts> {
  const { agent, reach, intoContactId, contactId } = merge
  const { conversations, pairs } = await contactsToJoin(tx, merge, 'lock')
  const moved = await joinConversations(tx, pairs)
  await joinContactRows(tx, merge)

  const gone = new Set(pairs.map((pair) => pair.from))
  const kept = conversations.filter(({ id }) => !gone.has(id))
  const keptIds = kept.map(({ id }) => id)
  await tx`update conversations set version = version + 1 where id = any(${keptIds}::uuid[])`
  await writeTrail(
    tx,
    kept.map(({ id: conversationId, workspaceId, channelId }) => {
      const joinedId = pairs.find((pair) => pair.into === conversationId)?.from ?? null
      const details = { contactId, into: intoContactId, joinedId, messages: moved.get(conversationId) ?? 0 }
      return { workspaceId, channelId, conversationId, actorId: agent.id, action: 'contact.merged', details }
    }),
  )
  const present = new Map((await conversationsById(tx, keptIds)).map((one) => [one.id, one]))
  const contact = await readContact(tx, intoContactId, reach)
  const events = kept.flatMap(({ id: conversationId, workspaceId, channelId, ...was }): NewEvent[] => {
    const conversation = present.get(conversationId)
    if (!conversation) throw new Error('A locked conversation can not be read')
    const from = pairs.find((pair) => pair.into === conversationId)?.from
    const place = { workspaceId, channelId }
    // To everybody of the channel: whoever saw the one that is gone may not see this one.
    const joined: NewEvent[] = from
      ? [
          {
            ...place,
            conversationId: null,
            event: { type: 'conversation.joined', conversationId: from, into: conversationId },
          },
        ]
      : []
    const event = { type: 'conversation.changed' as const, conversation }
    return conversation.lastPosition === '' ? joined : [...joined, { ...place, conversationId, was, event }]
  })
  commitWithEvents(tx, events)
  return { contact, joined: pairs.map(({ from, into }) => ({ conversationId: from, into })) }
}
