import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { InboxState } from './apply.ts'

/** The inbox after it was learnt that notes in these conversations mention the agent. */
export function withMentioned(state: InboxState, conversationIds: readonly string[]): InboxState {
  if (conversationIds.every((id) => state.mentionedIds.has(id))) return state
  return { ...state, mentionedIds: new Set([...state.mentionedIds, ...conversationIds]) }
}

/** The inbox after a message that may be a note which mentions the agent. How many are unread only the server knows. */
export function withNote(state: InboxState, { message }: Extract<InboxEvent, { type: 'message.added' }>) {
  if (!mentions(message, state.agentId)) return state
  return { ...withMentioned(state, [message.conversationId]), areCountsStale: true }
}

/** Whether one of these is a note in this conversation that mentions the agent. */
export function bringsMention(
  events: readonly InboxEvent[],
  conversationId: string,
  agentId: string,
): boolean {
  return events.some(
    (event) =>
      event.type === 'message.added' &&
      event.message.conversationId === conversationId &&
      mentions(event.message, agentId),
  )
}

function mentions({ content }: MessageSnapshot, agentId: string): boolean {
  return content.kind === 'note' && content.mentions.some(({ id }) => id === agentId)
}
