import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { type LockedConversation, lockConversations } from './lockConversations.ts'
import type { Reach } from './policy.ts'
import { messagesById } from './readMessages.ts'
import { Refusal } from './refusal.ts'
import type { MessageSnapshot } from './snapshot.ts'

/** What an agent wants of one message. */
export type MessageRequest = {
  agent: Agent
  reach: Reach<'conversations.reply'>
  messageId: string
}

export type LockedMessage = { message: MessageSnapshot; conversation: LockedConversation }

/** Locks the conversation of a message that an agent of ours has sent, and reads the message. Reason: NOT_FOUND. */
export async function lockMessage(
  tx: Transaction,
  { reach, messageId }: MessageRequest,
): Promise<LockedMessage> {
  const [place] = await tx<{ conversationId: string }[]>`
    select conversation_id from messages where id = ${messageId} and direction = 'out'`
  const [conversation] = place ? await lockConversations(tx, [place.conversationId]) : []
  const [message] = conversation ? await messagesById(tx, [messageId]) : []
  if (!conversation || !message || !reach.covers(conversation)) {
    throw new Refusal('NOT_FOUND', 'There is no such message, or it is not yours to see.')
  }
  return { message, conversation }
}

/** The message as it stands after a change. */
export async function readBack(tx: Transaction, messageId: string): Promise<MessageSnapshot> {
  const [message] = await messagesById(tx, [messageId])
  if (!message) throw new Error('A locked message is gone')
  return message
}
