import type { Transaction } from '../../db/client.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'

type Changed = { id: string; workspaceId: string; channelId: string; conversationId: string }

/** Tells how messages stand now of which more has changed than their status. */
export async function changedEvents(tx: Transaction, changed: readonly Changed[]): Promise<NewEvent[]> {
  if (changed.length === 0) return []
  const messages = await messagesById(tx, [...new Set(changed.map((one) => one.id))])
  const conversationIds = [...new Set(changed.map((one) => one.conversationId))]
  const conversations = new Map(
    (await conversationsById(tx, conversationIds)).map((conversation) => [conversation.id, conversation]),
  )
  const places = new Map(changed.map((one) => [one.id, one]))
  return messages.map((message): NewEvent => {
    const place = places.get(message.id)
    const conversation = conversations.get(message.conversationId)
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
