import type { InboxEvent } from '../../../../server/inbox/event.ts'

/** How many messages of others these events bring; what the agent sent is no news to the agent. */
export function newMessages(events: readonly InboxEvent[], agentId: string): number {
  return events.filter((event) => event.type === 'message.added' && event.message.agent?.id !== agentId)
    .length
}
