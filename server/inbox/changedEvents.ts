import type { Transaction } from '../../db/client.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'

type Place = { workspaceId: string; channelId: string; conversationId: string }

/** Tells how messages stand now of which more has changed than their status. `places` has the conversation of each. */
export async function changedEvents(
  tx: Transaction,
  messageIds: readonly string[],
  places: readonly Place[],
): Promise<NewEvent[]> {
  if (messageIds.length === 0) return []
  const messages = await messagesById(tx, [...new Set(messageIds)])
  const conversationIds = [...new Set(messages.map((one) => one.conversationId))]
  const conversations = await conversationsById(tx, conversationIds)
  const conversationOf = new Map(conversations.map((conversation) => [conversation.id, conversation]))
  const placeOf = new Map(places.map((one) => [one.conversationId, one]))
  return messages.map((message): NewEvent => {
    const place = placeOf.get(message.conversationId)
    const conversation = conversationOf.get(message.conversationId)
    if (!place || !conversation) throw new Error('A message was changed of which nobody would be told')
    const { workspaceId, channelId, conversationId } = place
    return {
      workspaceId,
      channelId,
      conversationId,
      event: { type: 'message.changed', message, conversation },
    }
  })
}
