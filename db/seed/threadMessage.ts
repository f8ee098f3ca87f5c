import { randomBytes } from 'node:crypto'
import { nextPosition, type Position, positionOf } from '../../server/inbox/position.ts'
import type { AgentName, MessageSnapshot, ReactionSnapshot } from '../../server/inbox/snapshot.ts'
import type { MessageContent } from '../../server/whatsapp/content.ts'
import { bodyOf } from '../../server/whatsapp/messageContent.ts'
import type { Line } from './line.ts'
import type { DemoAgent } from './people.ts'

/** Between what a customer sends and what reaches us. */
const DELIVERY_MS = 800

export type Around = {
  conversationId: string
  agents: Record<DemoAgent, AgentName>
  sentAt: Date
  /** The newest position of the thread so far. */
  last: Position
  /** The wamids of earlier lines, by the names that they were given. */
  wamids: ReadonlyMap<string, string>
}

/** A line of a demo thread as the message that it became. */
export function threadMessage(line: Line, around: Around): MessageSnapshot {
  const { conversationId, agents, sentAt, wamids } = around
  const isInbound = line.from === 'customer'
  const sentMs = sentAt.getTime()
  const targetWamid = line.reactsTo ? (wamids.get(line.reactsTo) ?? null) : null
  const quotedWamid = line.quotes ? (wamids.get(line.quotes) ?? null) : null
  const content: MessageContent =
    line.content.kind === 'reaction' ? { ...line.content, targetWamid: targetWamid ?? '' } : line.content
  return {
    id: Bun.randomUUIDv7('hex', sentMs),
    conversationId,
    clientMessageId: isInbound ? null : Bun.randomUUIDv7('hex', sentMs),
    wamid: `wamid.HBgL${randomBytes(33).toString('base64')}`,
    direction: isInbound ? 'in' : 'out',
    type: content.kind,
    body: bodyOf(content),
    content,
    context: line.context ?? (quotedWamid ? { quotedWamid, forwarded: null, referral: null } : null),
    media: null,
    status: line.from === 'customer' ? 'received' : line.status,
    attempt: isInbound ? 0 : 1,
    error: 'error' in line ? line.error : null,
    retryAt: null,
    decideAt: null,
    dismissedAt: null,
    wasDeliveredEarlier: false,
    agent: line.from === 'customer' ? null : agents[line.from],
    authorName: null,
    position: isInbound
      ? positionOf(sentAt, `${sentMs + DELIVERY_MS}-0`, 0)
      : nextPosition(sentAt, around.last),
    sentAt: sentAt.toISOString(),
    isLate: false,
    targetWamid,
    edit: null,
    revokedAt: null,
  }
}

/** The reaction that a message is; null when it is none. The business has one on WhatsApp, whoever of us gave it. */
export function threadReaction(message: MessageSnapshot, contactId: string): ReactionSnapshot | null {
  const { content, targetWamid, position } = message
  if (content.kind !== 'reaction' || !targetWamid) return null
  const actor = message.direction === 'in' ? `contact:${contactId}` : 'business'
  return { targetWamid, actor, emoji: content.emoji, position }
}
