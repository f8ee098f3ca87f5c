import type { InboxEvent } from '../../server/inbox/event.ts'
import { lastMessageOf } from '../../server/inbox/readConversations.ts'
import { windowClosesAt } from '../../server/inbox/serviceWindow.ts'
import type { AgentName, ContactSnapshot, ConversationSnapshot } from '../../server/inbox/snapshot.ts'
import type {
  conversations,
  messageAttempts,
  messageReactions,
  messageStatuses,
  messages,
} from '../schema/index.ts'
import { attemptRows } from './attemptRows.ts'
import type { DemoThread, Line } from './line.ts'
import type { DemoAgent } from './people.ts'
import { threadMessage, threadReaction } from './threadMessage.ts'

const MINUTE_MS = 60_000

/** The rows of one thread, and its events with the moment of each. */
export type ThreadRows = {
  conversation: typeof conversations.$inferInsert
  messages: (typeof messages.$inferInsert)[]
  attempts: (typeof messageAttempts.$inferInsert)[]
  statuses: (typeof messageStatuses.$inferInsert)[]
  reactions: (typeof messageReactions.$inferInsert)[]
  events: { at: Date; conversationId: string; event: InboxEvent }[]
}

export type Stage = {
  workspaceId: string
  channelId: string
  contact: ContactSnapshot
  agents: Record<DemoAgent, AgentName>
  now: Date
}

/** Plays a thread line by line, as the inbox would have lived through it. Decides only: nothing is written here. */
export function threadRows(thread: DemoThread, stage: Stage): ThreadRows {
  const { workspaceId, channelId, contact, agents, now } = stage
  const scope = { workspaceId, channelId }
  const lines = thread.lines.toSorted((a, b) => b.at - a.at)
  const wamids = new Map<string, string>()
  let lastInboundAt: Date | null = null
  let conversation: ConversationSnapshot = {
    id: Bun.randomUUIDv7(),
    channelId,
    contact,
    status: thread.isResolved ? 'resolved' : 'open',
    assignee: thread.assignee ? agents[thread.assignee] : null,
    unreadCount: 0,
    lastMessage: null,
    lastPosition: '',
    windowClosesAt: null,
    freeEntryEndsAt: null,
    snoozedUntil: null,
    team: null,
    labelIds: [],
    version: 0,
    createdAt: momentOf(lines[0], now).toISOString(),
  }
  const rows: Omit<ThreadRows, 'conversation'> = {
    messages: [],
    attempts: [],
    statuses: [],
    reactions: [],
    events: [],
  }

  for (const [index, line] of lines.entries()) {
    const sentAt = momentOf(line, now)
    const { id: conversationId, lastPosition: last } = conversation
    const message = threadMessage(line, { conversationId, agents, sentAt, last, wamids })
    if (line.as && message.wamid) wamids.set(line.as, message.wamid)
    if (line.from === 'customer') lastInboundAt = sentAt
    const linesAfter = lines.length - 1 - index
    conversation = {
      ...conversation,
      lastMessage: lastMessageOf(message),
      lastPosition: message.position,
      windowClosesAt: windowClosesAt(lastInboundAt)?.toISOString() ?? null,
      // The newest lines of the customer are the unread ones; who answers has read what stands above.
      unreadCount: line.from === 'customer' ? Math.max(0, (thread.unread ?? 0) - linesAfter) : 0,
      version: conversation.version + 1,
    }
    const reaction = threadReaction(message, contact.id)
    const { agent, authorName: _, dismissedAt: __, ...columns } = message
    rows.messages.push({ ...scope, ...columns, agentId: agent?.id ?? null, sentAt, createdAt: sentAt })
    if (reaction) rows.reactions.push({ channelId, ...reaction })
    if (line.from !== 'customer') {
      const { attempt, statuses } = attemptRows(line, message, scope)
      rows.attempts.push(attempt)
      rows.statuses.push(...statuses)
    }
    const event: InboxEvent = { type: 'message.added', message, conversation, reaction }
    rows.events.push({ at: sentAt, conversationId, event })
  }

  return {
    ...rows,
    conversation: {
      ...scope,
      id: conversation.id,
      contactId: contact.id,
      status: conversation.status,
      assigneeId: conversation.assignee?.id ?? null,
      unreadCount: conversation.unreadCount,
      lastMessageId: conversation.lastMessage?.id ?? null,
      lastPosition: conversation.lastPosition,
      lastInboundAt,
      version: conversation.version,
      createdAt: new Date(conversation.createdAt),
    },
  }
}

/** WhatsApp's timestamps are whole seconds. */
function momentOf(line: Line | undefined, now: Date): Date {
  const ms = now.getTime() - (line?.at ?? 0) * MINUTE_MS
  return new Date(Math.floor(ms / 1000) * 1000)
}
