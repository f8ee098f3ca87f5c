import type { Transaction } from '../../db/client.ts'
import type { DeliveredMessage, Person } from '../whatsapp/delivery.ts'
import { findContacts, type Wanted } from './findContacts.ts'
import type { PlacedMessage } from './insertMessages.ts'
import { openConversations } from './openConversations.ts'
import { positionOf } from './position.ts'

type Item = {
  workspaceId: string
  channelId: string
  streamId: string
  index: number
  receivedAt: Date
  message: DeliveredMessage
}

/** Somebody who is spoken of without a message of theirs. */
type Mentioned = { workspaceId: string; person: Person; saidAt: Date }

/**
 * Gives each message its contact and its conversation, and whoever is mentioned their contact: in one look-up, because the
 * locks of new contacts are taken in one order. In a group the conversation is the group's, the author a member.
 */
export async function placeMessages<One extends Item, Other extends Mentioned>(
  tx: Transaction,
  items: readonly One[],
  mentioned: readonly Other[],
): Promise<{ messages: (PlacedMessage & One)[]; preferences: (Other & { contactId: string })[] }> {
  const wanted = items.flatMap(({ workspaceId, message }): Wanted[] => {
    const { customer, groupId, sentAt } = message
    const person: Wanted = { workspaceId, who: { person: customer }, seenAt: sentAt }
    return groupId === null ? [person] : [person, { workspaceId, who: { groupId }, seenAt: sentAt }]
  })
  const others = mentioned.map(({ workspaceId, person, saidAt }): Wanted => {
    return { workspaceId, who: { person }, seenAt: saidAt }
  })
  const contactIds = await findContacts(tx, [...wanted, ...others])
  let next = 0
  const take = () => contactIds[next++] ?? ''
  const placed = items.map((item) => {
    const personId = take()
    const isInGroup = item.message.groupId !== null
    return {
      ...item,
      contactId: isInGroup ? take() : personId,
      authorContactId: isInGroup ? personId : null,
      position: positionOf(item.message.sentAt, item.streamId, item.index),
    }
  })
  const preferences = mentioned.map((one) => ({ ...one, contactId: take() }))
  const conversationIds = await openConversations(tx, placed)
  const messages = placed.map((one, index) => ({ ...one, conversationId: conversationIds[index] ?? '' }))
  return { messages, preferences }
}
