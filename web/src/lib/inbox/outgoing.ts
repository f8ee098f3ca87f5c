import type { AgentName, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { SendRefusal } from './sendRefusal.ts'

/** A message on its way to the server, as this device keeps it. */
export type Outgoing = {
  clientMessageId: string
  conversationId: string
  body: string
  sentAt: string
  /** The fence of the reply lock that was held when it was written. */
  lock: number | null
  /** How far its author had read the log: what colleagues said after this was not known when it was written. */
  seenSeq: string | null
  /** Set when the server said no: it stays until somebody decides. */
  refused: SendRefusal | null
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

/** In the order in which they were written; what an older version of the app left unreadable is left out. */
export function inOrder(rows: readonly unknown[]): Outgoing[] {
  return rows.filter(isOutgoing).sort((a, b) => (a.sentAt < b.sentAt ? -1 : 1))
}

/** A moment for a new message, later than that of every message that waits: it is what their order goes by. */
export function nextSentAt(waiting: readonly Outgoing[], now: number): string {
  const last = waiting.reduce((latest, { sentAt }) => Math.max(latest, Date.parse(sentAt)), 0)
  return new Date(Math.max(now, last + 1)).toISOString()
}

function isOutgoing(value: unknown): value is Outgoing {
  if (typeof value !== 'object' || value === null) return false
  const { clientMessageId, conversationId, body, sentAt } = value as Partial<Outgoing>
  return [clientMessageId, conversationId, body, sentAt].every((field) => typeof field === 'string')
}
