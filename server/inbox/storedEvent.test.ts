import { describe, expect, test } from 'bun:test'
import { messageSnapshot } from '../testing/messageSnapshot.ts'
import type { InboxEvent } from './event.ts'
import { lastMessageOf } from './readConversations.ts'
import type { ConversationSnapshot, MessageSnapshot } from './snapshot.ts'
import { readEvent, type StoredEvent, storedEvent } from './storedEvent.ts'

const message: MessageSnapshot = messageSnapshot({
  wamid: 'wamid.1',
  body: 'Hi',
  content: { kind: 'text', text: 'Hi' },
  position: '1',
  sentAt: '2026-01-01T00:00:00.000Z',
})
const conversation: ConversationSnapshot = {
  id: 'c',
  channelId: 'h',
  contact: { id: 'n', kind: 'person', name: 'Nora', phone: null, username: null, optedOutAt: null },
  status: 'open',
  snoozedUntil: null,
  assignee: null,
  team: null,
  labelIds: [],
  unreadCount: 1,
  lastMessage: lastMessageOf(message),
  lastPosition: '1',
  windowClosesAt: null,
  freeEntryEndsAt: null,
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
}
const added: InboxEvent = { type: 'message.added', message, conversation, reaction: null }
const written = (event: InboxEvent): StoredEvent => JSON.parse(JSON.stringify(storedEvent(event)))

describe('an event in the log', () => {
  test('comes back as it was, in half of the bytes', () => {
    expect(readEvent(written(added))).toEqual(added)
    expect(JSON.stringify(storedEvent(added)).length).toBeLessThan(JSON.stringify(added).length * 0.6)
  })

  test('keeps a newest message that is another one, or that shows something else', () => {
    const other = { ...lastMessageOf(message), id: 'other', agentName: 'Ana' }
    const revoked = { ...lastMessageOf(message), isRevoked: true }
    for (const lastMessage of [other, revoked, null]) {
      const event: InboxEvent = { ...added, conversation: { ...conversation, lastMessage } }
      expect(readEvent(written(event))).toEqual(event)
    }
    const edit = { body: 'Hello', content: message.content, position: '2', editedAt: message.sentAt }
    const edited: InboxEvent = { ...added, type: 'message.changed', message: { ...message, edit } }
    const { reaction: _, ...changed } = { reaction: null, ...edited }
    expect(readEvent(written(changed))).toEqual(changed)
  })

  test('of a conversation alone, or of neither, comes back as well', () => {
    const events: InboxEvent[] = [
      { type: 'conversation.changed', conversation },
      { type: 'labels.changed', labels: [] },
      { type: 'mentions.read', conversationId: 'c', agentId: 'a' },
    ]
    for (const event of events) expect(readEvent(written(event))).toEqual(event)
  })

  test('that an earlier version wrote whole is still read', () => {
    const whole: StoredEvent = JSON.parse(JSON.stringify(added))
    expect(readEvent(whole)).toEqual(added)
  })
})
