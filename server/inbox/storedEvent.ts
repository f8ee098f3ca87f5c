import type { InboxEvent } from './event.ts'
import { lastMessageOf } from './readConversations.ts'
import type { ContactSnapshot, ConversationSnapshot, LastMessage, MessageSnapshot } from './snapshot.ts'

/**
 * How an event lies in the log: without the fields that are null, which are most of most messages, and without the second copy
 * of a message that is the newest of its conversation. Half of the bytes, of the table that every message is written to.
 */
export type StoredEvent = { readonly type: InboxEvent['type'] }

type NullableOf<T> = { [Key in keyof T]-?: null extends T[Key] ? Key : never }[keyof T]
/** Every field that may be null, so that the compiler asks for a new one here. */
type Nulls<T> = { readonly [Key in NullableOf<T>]: null }

const MESSAGE: Nulls<MessageSnapshot> = {
  clientMessageId: null,
  wamid: null,
  body: null,
  context: null,
  media: null,
  error: null,
  retryAt: null,
  decideAt: null,
  dismissedAt: null,
  agent: null,
  authorName: null,
  targetWamid: null,
  edit: null,
  revokedAt: null,
}
const CONVERSATION: Nulls<ConversationSnapshot> = {
  snoozedUntil: null,
  assignee: null,
  team: null,
  lastMessage: null,
  windowClosesAt: null,
  freeEntryEndsAt: null,
}
const CONTACT: Nulls<ContactSnapshot> = { name: null, phone: null, username: null, optedOutAt: null }
const LAST_MESSAGE: Nulls<LastMessage> = { body: null, agentName: null }
/** Stands for the message of the same event. */
const THE_MESSAGE = 'message'

/** What to write of an event. */
export function storedEvent(event: InboxEvent): StoredEvent {
  if (!('conversation' in event)) return event
  const { conversation } = event
  const message = 'message' in event ? event.message : null
  const last = conversation.lastMessage
  const stored = {
    ...withoutNulls(conversation),
    contact: withoutNulls(conversation.contact),
    lastMessage: last && (message && isThe(message, last) ? THE_MESSAGE : withoutNulls(last)),
  }
  const slim = { ...event, ...(message && { message: withoutNulls(message) }), conversation: stored }
  return slim
}

/** The event that was written. Takes what earlier versions wrote as well. */
export function readEvent(stored: StoredEvent): InboxEvent {
  // Written by the function above, or by an earlier version of it: the log has no other writer.
  const event = stored as InboxEvent
  if (!('conversation' in event)) return event
  const message = 'message' in event ? { ...MESSAGE, ...event.message } : null
  const last: LastMessage | typeof THE_MESSAGE | null = event.conversation.lastMessage
  const conversation = {
    ...CONVERSATION,
    ...event.conversation,
    contact: { ...CONTACT, ...event.conversation.contact },
    lastMessage: isTheMessage(last)
      ? message && lastMessageOf(message)
      : last && { ...LAST_MESSAGE, ...last },
  }
  return message && 'message' in event ? { ...event, message, conversation } : { ...event, conversation }
}

const isTheMessage = (last: unknown): last is typeof THE_MESSAGE => last === THE_MESSAGE

/** Whether the list would show just what the message itself says: not for an edited or revoked one. */
function isThe(message: MessageSnapshot, last: LastMessage): boolean {
  return (
    last.id === message.id &&
    last.content === message.content &&
    last.status === message.status &&
    last.attempt === message.attempt &&
    !last.isRevoked &&
    message.edit === null &&
    message.revokedAt === null
  )
}

function withoutNulls<Row extends object>(row: Row): Partial<Row> {
  const rest: Partial<Row> = {}
  for (const key in row) if (row[key] !== null) rest[key] = row[key]
  return rest
}
