import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { contactName } from '../inbox/contactName.ts'
import type { NewsKind } from '../preferenceChoices.ts'

/** Something that somebody may want to be told of, wherever they look. */
export type News = {
  kind: NewsKind
  conversationId: string
  /** Of the customer. */
  name: string
  /** What was said; null when it has no words. */
  words: string | null
  /** The colleague who mentioned the agent; null: the customer wrote. */
  by: string | null
}

/** What of these events is news for an agent. What an agent did is no news to them. */
export function newsOf(events: readonly InboxEvent[], agentId: string): News[] {
  return events.flatMap((event) => (event.type === 'message.added' ? (newsIn(event, agentId) ?? []) : []))
}

type Added = Extract<InboxEvent, { type: 'message.added' }>

function newsIn({ message, conversation, reaction }: Added, agentId: string): News | null {
  const kind = kindOf({ message, conversation }, agentId)
  // A reaction is no question, and an edit or a taken back message brings nothing to answer.
  if (kind === null || reaction !== null || message.targetWamid !== null) return null
  return {
    kind,
    conversationId: conversation.id,
    name: contactName(conversation.contact),
    words: message.body,
    by: message.direction === 'note' ? (message.agent?.name ?? null) : null,
  }
}

function kindOf(
  { message, conversation }: Pick<Added, 'message' | 'conversation'>,
  agentId: string,
): NewsKind | null {
  if (message.direction === 'note') return isMentioned(message, agentId) ? 'mentions' : null
  // What comes days late is shown as unread; nobody waits for the answer this minute.
  if (message.direction === 'out' || message.isLate) return null
  return kindOfOwner(conversation, agentId)
}

function isMentioned({ content, agent }: Added['message'], agentId: string): boolean {
  return content.kind === 'note' && agent?.id !== agentId && content.mentions.some(({ id }) => id === agentId)
}

function kindOfOwner({ assignee }: ConversationSnapshot, agentId: string): NewsKind | null {
  if (assignee === null) return 'unassigned'
  return assignee.id === agentId ? 'mine' : null
}
