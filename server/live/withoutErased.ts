import type { LoggedEvent } from './logReader.ts'

/**
 * What a process holds of the log, without what a page tells was erased: in the database those lines are overwritten, and whoever
 * comes back with an older cursor must not find them in memory. Where an event was, only its number stays.
 */
export function withoutErased(ring: LoggedEvent[], page: readonly LoggedEvent[]): LoggedEvent[] {
  const conversationIds = new Set<string>()
  const messageIds = new Set<string>()
  for (const { item } of page) {
    if (item.type !== 'event') continue
    if (item.event.type === 'conversation.erased') conversationIds.add(item.event.conversationId)
    if (item.event.type === 'messages.removed') for (const id of item.event.messageIds) messageIds.add(id)
  }
  if (conversationIds.size + messageIds.size === 0) return ring
  return ring.map((one) => {
    const isErased = one.conversationId !== null && conversationIds.has(one.conversationId)
    if (!isErased && !isAbout(one, messageIds)) return one
    return {
      ...one,
      conversationId: null,
      held: null,
      was: null,
      item: { seq: String(one.seq), type: 'cursor' },
    }
  })
}

function isAbout({ item }: LoggedEvent, messageIds: ReadonlySet<string>): boolean {
  if (item.type !== 'event' || messageIds.size === 0) return false
  const { event } = item
  if ('message' in event && messageIds.has(event.message.id)) return true
  if ('messageId' in event && messageIds.has(event.messageId)) return true
  const newest = 'conversation' in event ? event.conversation.lastMessage?.id : undefined
  return newest !== undefined && messageIds.has(newest)
}
