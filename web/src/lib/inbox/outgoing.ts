import type { AgentName, MediaSnapshot, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MessageContent } from '../../../../server/whatsapp/content.ts'
import type { OutgoingContent } from '../../../../server/whatsapp/outgoingContent.ts'
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
  /** Of anything but a plain text. */
  parts?: OutgoingParts
  /** Said among colleagues: no message to the customer, but it waits in the same line. */
  note?: OutgoingNote
}

/** Whose names stand in a private note. */
export type OutgoingNote = { mentions: AgentName[] }

/** What is sent beside a plain text, and how it looks until the server gives its own picture of it. */
export type OutgoingParts = {
  content: OutgoingContent
  shown: MessageContent
  media: MediaSnapshot | null
  quoted: { messageId: string; wamid: string | null } | null
}

/** What `messages.send` gets: the short form for a plain text, else the content with what it quotes. */
export function sendableOf({ body, parts }: Outgoing) {
  if (!parts) return { body }
  return { content: parts.content, ...(parts.quoted && { quotedMessageId: parts.quoted.messageId }) }
}

/** What the thread shows of it. */
export function shownOf({ body, parts, note }: Outgoing): MessageContent {
  return note ? { kind: 'note', text: body, ...note } : (parts?.shown ?? { kind: 'text', text: body })
}

/** How a waiting message looks in its thread: a bubble like any other, with a clock. */
export function bubbleOf(outgoing: Outgoing, agent: AgentName): MessageSnapshot {
  const { clientMessageId, conversationId, body, sentAt, parts, note } = outgoing
  const content = shownOf(outgoing)
  return {
    id: clientMessageId,
    clientMessageId,
    conversationId,
    wamid: null,
    direction: note ? 'note' : 'out',
    type: content.kind,
    body: body || null,
    content,
    context: parts?.quoted ? { quotedWamid: parts.quoted.wamid, forwarded: null, referral: null } : null,
    media: parts?.media ?? null,
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
