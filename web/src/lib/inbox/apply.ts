import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type {
  ChannelSnapshot,
  ConversationSnapshot,
  MessageSnapshot,
} from '../../../../server/inbox/snapshot.ts'
import { keepLatest } from '../keepLatest.ts'
import { withNote } from './mentions.ts'
import type { AskedFor } from './spans.ts'
import { advanced } from './status.ts'
import {
  emptyThread,
  type MessagePage,
  type ThreadState,
  withArrived,
  withMessage,
  withoutMessages,
  withReaction,
  withStatus,
  withThreadPage,
} from './threadState.ts'
import { trimThread } from './trimThread.ts'
import { type Counts, countsAfter } from './views.ts'

/** What a tab holds of the inbox. Never changed in place: `apply` and the `with…` functions give a new one. */
export type InboxState = {
  agentId: string
  conversations: ReadonlyMap<string, ConversationSnapshot>
  /** The threads that were opened in this tab; others are not followed message by message. */
  threads: ReadonlyMap<string, ThreadState>
  /** Of those that were listed or have changed since; absent: ask `channels.list`. */
  channels: ReadonlyMap<string, ChannelSnapshot>
  /** Conversations with a note that mentions the agent, as far as this tab has heard of them. */
  mentionedIds: ReadonlySet<string>
  counts: Counts | null
  /** A conversation changed of which we do not know what it was before: ask for the counts again. */
  areCountsStale: boolean
}

export function emptyInbox(agentId: string): InboxState {
  return {
    agentId,
    conversations: new Map(),
    threads: new Map(),
    channels: new Map(),
    mentionedIds: new Set(),
    counts: null,
    areCountsStale: false,
  }
}

/**
 * The inbox after one event of the feed. Delivery is at least once, and pages are read while events arrive, so every rule
 * here is a maximum: the higher version of a conversation, the further status of a message, the later reaction of a person.
 * Whatever comes twice, or late, changes nothing.
 */
export function apply(state: InboxState, event: InboxEvent): InboxState {
  switch (event.type) {
    case 'conversation.changed':
      return withConversation(state, event.conversation)
    case 'message.added':
      return withThread(
        withNote(withConversation(state, event.conversation), event),
        event.message.conversationId,
        (thread) => withReaction(withArrived(thread, event.message), event.reaction),
      )
    case 'message.changed':
      return withThread(withConversation(state, event.conversation), event.message.conversationId, (thread) =>
        withMessage(thread, event.message),
      )
    case 'message.status':
      return withThread(withLastStatus(state, event), event.conversationId, (thread) =>
        withStatus(thread, event.messageId, event),
      )
    case 'conversation.withdrawn':
    case 'conversation.erased':
      return withoutConversation(state, event.conversationId)
    case 'conversation.joined':
      return withJoined(state, event.conversationId, event.into)
    case 'messages.removed':
      return withThread(state, event.conversationId, (thread) => withoutMessages(thread, event.messageIds))
    case 'channel.changed':
      return withChannels(state, [event.channel])
    case 'labels.changed':
    case 'scheduled.changed':
    case 'people.changed':
    case 'cannedReplies.changed':
      return state
    case 'mentions.read':
      return event.agentId === state.agentId ? { ...state, areCountsStale: true } : state
  }
}

/**
 * The inbox after all of these. To copy thousands of conversations for each of a hundred events a second would be most of the
 * work: what this copied already, nobody else has seen, and it is written on.
 */
export function applyAll(state: InboxState, events: readonly InboxEvent[]): InboxState {
  ours = new WeakSet()
  try {
    return events.reduce(apply, state)
  } finally {
    ours = null
  }
}

let ours: WeakSet<object> | null = null

/** Of a map that somebody may hold. */
function copyOf<Value>(map: ReadonlyMap<string, Value>): Map<string, Value> {
  if (map instanceof Map && ours?.has(map)) return map
  const copy = new Map(map)
  ours?.add(copy)
  return copy
}

/** One became part of another, whose thread has messages now that it had not when it was loaded: it is loaded again. */
function withJoined(state: InboxState, conversationId: string, into: string): InboxState {
  const conversations = new Map(state.conversations)
  const threads = new Map(state.threads)
  conversations.delete(conversationId)
  threads.delete(conversationId)
  if (threads.has(into)) threads.set(into, emptyThread)
  return { ...state, conversations, threads, areCountsStale: true }
}

/** Rows of `conversations.list`: they are part of `counts` already, so they move no number. */
export function withRows(
  state: InboxState,
  rows: readonly ConversationSnapshot[],
  counts: Counts,
): InboxState {
  const conversations = new Map(state.conversations)
  for (const row of rows) conversations.set(row.id, merged(conversations.get(row.id), row))
  return { ...state, conversations, counts, areCountsStale: false }
}

/** Channels, from `channels.list` or from an event. The feed is in order, so the last word on a channel is the newest. */
export function withChannels(state: InboxState, incoming: readonly ChannelSnapshot[]): InboxState {
  const channels = new Map(state.channels)
  for (const channel of incoming) channels.set(channel.id, channel)
  return { ...state, channels }
}

/** All channels, from `channels.list`: of those that were known when it was asked, what is not among them is out of reach. */
export function withChannelList(
  state: InboxState,
  listed: readonly ChannelSnapshot[],
  known: Iterable<string>,
): InboxState {
  const channels = new Map(state.channels)
  for (const id of known) channels.delete(id)
  return withChannels({ ...state, channels }, listed)
}

/** It was given to somebody else, and is not this agent's to see any more. */
function withoutConversation(state: InboxState, conversationId: string): InboxState {
  if (!state.conversations.has(conversationId) && !state.threads.has(conversationId)) return state
  const conversations = new Map(state.conversations)
  const threads = new Map(state.threads)
  conversations.delete(conversationId)
  threads.delete(conversationId)
  return { ...state, conversations, threads, areCountsStale: true }
}

/** One conversation, from an event or from an answer to this tab. */
export function withConversation(state: InboxState, incoming: ConversationSnapshot): InboxState {
  const held = state.conversations.get(incoming.id)
  return withChanged(state, held, merged(held, incoming))
}

/** One as this tab expects the server to make it: its version stays, so whatever the server says next is newer. */
export function withExpected(state: InboxState, expected: ConversationSnapshot): InboxState {
  const held = state.conversations.get(expected.id)
  return held && held.version > expected.version ? state : withChanged(state, held, expected)
}

function withChanged(
  state: InboxState,
  held: ConversationSnapshot | undefined,
  next: ConversationSnapshot,
): InboxState {
  if (next === held) return state
  const conversations = copyOf(state.conversations).set(next.id, next)
  if (!held) return { ...state, conversations, areCountsStale: true }
  return {
    ...state,
    conversations,
    counts: state.counts && countsAfter(state.counts, held, next, state.agentId),
  }
}

/** A page of a thread; `asked`: from where it goes on, up or down, and neither for its newest end or a place in it. */
export function withPage(
  state: InboxState,
  conversationId: string,
  page: MessagePage,
  asked: AskedFor = {},
): InboxState {
  const held = state.threads.get(conversationId) ?? emptyThread
  return withThreads(state, conversationId, withThreadPage(held, page, asked))
}

/** Without what is far from the reader of this thread, who is at the position `at`: while no page of it is on its way. */
export function withoutFar(state: InboxState, conversationId: string, at: string): InboxState {
  const held = state.threads.get(conversationId)
  return held ? withThreads(state, conversationId, trimThread(held, at)) : state
}

/** A message that the server gave to this tab, such as the one it has just sent. */
export function withSent(state: InboxState, message: MessageSnapshot): InboxState {
  return withThread(state, message.conversationId, (thread) => withMessage(thread, message))
}

/** Starts to follow a thread, before its first page is asked for, so that no event falls between the two. */
export function withOpened(state: InboxState, conversationId: string, keep: number): InboxState {
  const held = state.threads.get(conversationId) ?? emptyThread
  const threads = new Map(state.threads)
  keepLatest(threads, conversationId, held, keep)
  return { ...state, threads }
}

function merged(
  held: ConversationSnapshot | undefined,
  incoming: ConversationSnapshot,
): ConversationSnapshot {
  if (!held) return incoming
  const [newer, older] = incoming.version > held.version ? [incoming, held] : [held, incoming]
  if (!newer.lastMessage || newer.lastMessage.id !== older.lastMessage?.id) return newer
  const lastMessage = advanced(newer.lastMessage, older.lastMessage)
  return lastMessage === newer.lastMessage ? newer : { ...newer, lastMessage }
}

function withLastStatus(
  state: InboxState,
  event: Extract<InboxEvent, { type: 'message.status' }>,
): InboxState {
  const held = state.conversations.get(event.conversationId)
  if (held?.lastMessage?.id !== event.messageId) return state
  const lastMessage = advanced(held.lastMessage, event)
  if (lastMessage === held.lastMessage) return state
  return { ...state, conversations: copyOf(state.conversations).set(held.id, { ...held, lastMessage }) }
}

function withThread(
  state: InboxState,
  conversationId: string,
  change: (thread: ThreadState) => ThreadState,
): InboxState {
  const held = state.threads.get(conversationId)
  if (!held) return state
  const next = change(held)
  return next === held ? state : withThreads(state, conversationId, next)
}

function withThreads(state: InboxState, conversationId: string, thread: ThreadState): InboxState {
  return { ...state, threads: copyOf(state.threads).set(conversationId, thread) }
}
