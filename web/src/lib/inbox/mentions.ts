import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { InboxState } from './apply.ts'

/** The inbox after it was learnt that notes in these conversations mention the agent. */
export function withMentioned(state: InboxState, conversationIds: readonly string[]): InboxState {
  if (conversationIds.every((id) => state.mentionedIds.has(id))) return state
  return { ...state, mentionedIds: new Set([...state.mentionedIds, ...conversationIds]) }
}

/** The inbox after a message that may be a note which mentions the agent. How many are unread only the server knows. */
export function withNote(state: InboxState, { message }: Extract<InboxEvent, { type: 'message.added' }>) {
  const { content, conversationId } = message
  if (content.kind !== 'note' || !content.mentions.some(({ id }) => id === state.agentId)) return state
  return { ...withMentioned(state, [conversationId]), areCountsStale: true }
}
