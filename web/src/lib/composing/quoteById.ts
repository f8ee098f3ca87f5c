import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Session } from '../inbox/session.svelte.ts'

/** The message that a draft of another device, or a scheduled message, answers; null when it can not be had. */
export async function quoteById(
  { inbox, api }: Pick<Session, 'inbox' | 'api'>,
  conversationId: string,
  messageId: string,
): Promise<MessageSnapshot | null> {
  const held = inbox.thread(conversationId)?.messages.get(messageId)
  if (held) return held
  const page = await api.messages.list
    .query({ conversationId, around: messageId, limit: 2 })
    .catch(() => null)
  return page?.messages.find(({ id }) => id === messageId) ?? null
}
