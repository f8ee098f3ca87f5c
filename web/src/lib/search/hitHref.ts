/** The address of a message in its conversation: the thread opens around it. */
export function hitHref({ id, conversationId }: { id: string; conversationId: string }): string {
  return `/c/${conversationId}?at=${id}`
}
