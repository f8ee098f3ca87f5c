import type { AgentName, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'

/** A message on its way to the server. `refused`: the server said no, and why. */
export type Outgoing = {
  clientMessageId: string
  conversationId: string
  body: string
  sentAt: string
  refused: string | null
}

/** How a waiting message looks in its thread: a bubble like any other, with a clock. */
export function bubbleOf(outgoing: Outgoing, agent: AgentName): MessageSnapshot {
  const { clientMessageId, conversationId, body, sentAt } = outgoing
  return {
    id: clientMessageId,
    clientMessageId,
    conversationId,
    wamid: null,
    direction: 'out',
    type: 'text',
    body,
    content: { kind: 'text', text: body },
    context: null,
    media: null,
    status: outgoing.refused === null ? 'queued' : 'failed',
    attempt: 0,
    error: null,
    retryAt: null,
    decideAt: null,
    dismissedAt: null,
    wasDeliveredEarlier: false,
    agent,
    authorName: null,
    position: '~',
    sentAt,
    isLate: false,
    targetWamid: null,
    edit: null,
    revokedAt: null,
  }
}

export function isOutgoingList(value: unknown): value is readonly Outgoing[] {
  return (
    Array.isArray(value) &&
    value.every((item) => typeof item?.clientMessageId === 'string' && typeof item.body === 'string')
  )
}
