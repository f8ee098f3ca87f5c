import type { Transaction } from '../../db/client.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { lockConversations } from './lockConversations.ts'
import type { Reach } from './policy.ts'
import { conversationsById } from './readConversations.ts'
import { Refusal } from './refusal.ts'
import type { ConversationSnapshot } from './snapshot.ts'

/** Sets the unread count of a conversation to zero. Nothing changes, and no event is written, when it already was. */
export async function markRead(
  tx: Transaction,
  { conversationId, reach }: { conversationId: string; reach: Reach<'conversations.work'> },
): Promise<ConversationSnapshot> {
  const [locked] = await lockConversations(tx, [conversationId])
  if (!locked || !reach.covers(locked)) {
    throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
  }
  const changed = await tx`
    update conversations set unread_count = 0, read_at = now(), version = version + 1
    where id = ${conversationId} and unread_count > 0`
  const [conversation] = await conversationsById(tx, [conversationId])
  if (!conversation) throw new Error('A locked conversation can not be read')
  if (changed.count > 0) {
    commitWithEvents(tx, [
      { ...locked, conversationId, event: { type: 'conversation.changed', conversation } },
    ])
  }
  return conversation
}
