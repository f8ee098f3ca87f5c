import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type {
  ChannelSnapshot,
  ConversationSnapshot,
  MessageSnapshot,
} from '../../../../server/inbox/snapshot.ts'
import type { AttemptStatus } from '../../../../server/inbox/statusLadder.ts'
import { messageSnapshot } from '../../../../server/testing/messageSnapshot.ts'
import {
  apply,
  emptyInbox,
  type InboxState,
  withChannelList,
  withChannels,
  withOpened,
  withPage,
  withRows,
} from './apply.ts'
import { withoutChannels } from './withoutChannels.ts'

const NOON = '2026-11-22T12:00:00.000Z'
const AGENT = 'ana'

function message(id: string, over: Partial<MessageSnapshot> = {}): MessageSnapshot {
  return messageSnapshot({
    id,
    conversationId: 'c1',
    wamid: `wamid.${id}`,
    direction: 'out',
    body: id,
    content: { kind: 'text', text: id },
    status: 'queued',
    position: id,
    sentAt: NOON,
    ...over,
  })
}

function conversation(version: number, over: Partial<ConversationSnapshot> = {}): ConversationSnapshot {
  return {
    id: 'c1',
    channelId: 'support',
    contact: {
      id: 'sheena',
      kind: 'person',
      name: 'Sheena Nelson',
      phone: '16505551234',
      username: null,
      optedOutAt: null,
    },
    status: 'open',
    assignee: null,
    unreadCount: 0,
    lastMessage: null,
    lastPosition: '',
    windowClosesAt: null,
    freeEntryEndsAt: null,
    snoozedUntil: null,
    team: null,
    labelIds: [],
    version,
    createdAt: NOON,
    ...over,
  }
}

function added(said: MessageSnapshot, version: number): InboxEvent {
  const { id, direction, type, body, content, status, attempt, sentAt, conversationId } = said
  const lastMessage = {
    id,
    direction,
    type,
    body,
    content,
    status,
    attempt,
    sentAt,
    agentName: null,
    isRevoked: false,
  }
  return {
    type: 'message.added',
    message: said,
    conversation: conversation(version, { id: conversationId, lastMessage, lastPosition: said.position }),
    reaction: null,
  }
}

function reached(messageId: string, status: AttemptStatus, attempt = 1): InboxEvent {
  return {
    type: 'message.status',
    conversationId: 'c1',
    messageId,
    attempt,
    status,
    error: null,
    wamid: null,
  }
}

const NO_COUNTS = { all: 1, mine: 0, unassigned: 1, unread: 0, mentions: 3, snoozed: 0, resolved: 10_000 }
const opened = (): InboxState => withOpened(emptyInbox(AGENT), 'c1', 5)
const run = (events: InboxEvent[], from = opened()) => events.reduce(apply, from)
const statusOf = (state: InboxState, id: string) => state.threads.get('c1')?.messages.get(id)?.status

describe('what a tab holds', () => {
  test('an older version of a conversation never replaces a newer one', () => {
    const state = run([
      { type: 'conversation.changed', conversation: conversation(7, { unreadCount: 0 }) },
      { type: 'conversation.changed', conversation: conversation(6, { unreadCount: 4 }) },
    ])
    expect(state.conversations.get('c1')).toMatchObject({ version: 7, unreadCount: 0 })
  })

  test('a status that arrives late does not take a message back', () => {
    const state = run([
      added(message('m1'), 1),
      reached('m1', 'read'),
      reached('m1', 'delivered'),
      reached('m1', 'sent'),
    ])
    expect(statusOf(state, 'm1')).toBe('read')
    expect(state.conversations.get('c1')?.lastMessage?.status).toBe('read')
  })

  test('delivered beats failed, and a new attempt beats both', () => {
    const delivered = run([added(message('m1'), 1), reached('m1', 'failed'), reached('m1', 'delivered')])
    expect(statusOf(delivered, 'm1')).toBe('delivered')
    expect(statusOf(apply(delivered, reached('m1', 'queued', 2)), 'm1')).toBe('queued')
  })

  test('a status that comes before the page with its message is not lost', () => {
    const state = withPage(run([reached('m1', 'read')]), 'c1', {
      messages: [message('m1', { status: 'sent', attempt: 1 })],
      reactions: [],
      hasOlder: false,
    })
    expect(statusOf(state, 'm1')).toBe('read')
  })

  test('a page that was read before an event does not undo it', () => {
    const after = run([added(message('m1'), 2), reached('m1', 'delivered')])
    const state = withRows(after, [conversation(1)], NO_COUNTS)
    expect(state.conversations.get('c1')?.version).toBe(2)
  })

  test('a message of a thread that was never opened moves its row and nothing else', () => {
    const state = apply(emptyInbox(AGENT), added(message('m1'), 1))
    expect(state.conversations.get('c1')?.lastMessage?.id).toBe('m1')
    expect(state.threads.size).toBe(0)
  })

  test('a reaction that was taken back stays taken back when the older one comes again', () => {
    const emoji = (value: string | null, position: string): InboxEvent => ({
      ...(added(message(position, { type: 'reaction' }), 1) as Extract<
        InboxEvent,
        { type: 'message.added' }
      >),
      reaction: { targetWamid: 'wamid.m1', actor: 'sheena', emoji: value, position },
    })
    const state = run([emoji('👍', 'm2'), emoji(null, 'm3'), emoji('👍', 'm2')])
    expect([...(state.threads.get('c1')?.reactions.values() ?? [])].map((one) => one.emoji)).toEqual([null])
  })

  test('an edit and a revocation stay, when what was said before them comes again', () => {
    const edit = (body: string, position: string) => ({
      body,
      content: { kind: 'text' as const, text: body },
      position,
      editedAt: NOON,
    })
    const changed = (over: Partial<MessageSnapshot>): InboxEvent => ({
      type: 'message.changed',
      message: message('m1', over),
      conversation: conversation(2),
    })
    const state = run([
      added(message('m1'), 1),
      changed({ edit: edit('second', '2') }),
      changed({ edit: edit('third', '3'), revokedAt: NOON }),
      changed({ edit: edit('second', '2') }),
      added(message('m1'), 1),
    ])
    expect(state.threads.get('c1')?.messages.get('m1')).toMatchObject({
      body: 'm1',
      edit: { body: 'third' },
      revokedAt: NOON,
    })
  })

  test('a medium takes the place that history kept for it, and keeps it', () => {
    const photo: Partial<MessageSnapshot> = { type: 'image', body: 'The door' }
    const state = run([
      added(message('m1', { type: 'media_placeholder' }), 1),
      { type: 'message.changed', message: message('m1', photo), conversation: conversation(2) },
      added(message('m1', { type: 'media_placeholder' }), 1),
    ])
    expect(state.threads.get('c1')?.messages.get('m1')).toMatchObject(photo)
  })

  test('the counts follow a conversation from view to view', () => {
    const start = withRows(opened(), [conversation(1)], NO_COUNTS)
    const mine = conversation(2, { assignee: { id: AGENT, name: 'Ana' }, unreadCount: 2 })
    const state = apply(start, { type: 'conversation.changed', conversation: mine })
    expect(state.counts).toEqual({ ...NO_COUNTS, mine: 1, unassigned: 0, unread: 1 })
    const asleep = conversation(3, {
      assignee: { id: AGENT, name: 'Ana' },
      unreadCount: 2,
      status: 'snoozed',
    })
    const later = apply(state, { type: 'conversation.changed', conversation: asleep })
    expect(later.counts).toEqual({ ...NO_COUNTS, all: 0, unassigned: 0, snoozed: 1 })
  })

  test('what the server counts no further than to ten thousand is not counted here either', () => {
    const start = withRows(opened(), [conversation(1)], NO_COUNTS)
    const done = conversation(2, { status: 'resolved' })
    expect(apply(start, { type: 'conversation.changed', conversation: done }).counts?.resolved).toBe(10_000)
  })

  test('a note that mentions the agent puts its conversation among the mentions, and asks for the counts again', () => {
    const note = (id: string, mentionedId: string): Partial<MessageSnapshot> => ({
      type: 'note',
      direction: 'note',
      content: { kind: 'note', text: `@${id}`, mentions: [{ id: mentionedId, name: 'Somebody' }] },
    })
    const start = withRows(opened(), [conversation(1)], NO_COUNTS)
    const others = apply(start, added(message('n1', note('n1', 'somebody-else')), 1))
    expect(others.mentionedIds.size).toBe(0)
    expect(others.areCountsStale).toBe(false)
    const ours = apply(others, added(message('n2', note('n2', AGENT)), 1))
    expect([...ours.mentionedIds]).toEqual(['c1'])
    expect(ours.areCountsStale).toBe(true)
    const read: InboxEvent = { type: 'mentions.read', conversationId: 'c1', agentId: AGENT }
    expect(apply({ ...ours, areCountsStale: false }, read).areCountsStale).toBe(true)
  })
})

const STATUSES: AttemptStatus[] = [
  'queued',
  'sending',
  'unknown',
  'sent',
  'failed',
  'delivered',
  'read',
  'played',
]
/** The server writes the event of a message once, and before those of its statuses. */
const isPossible = (step: Step, before: Step[]) => {
  const isAdded = (id: string) => before.some((earlier) => earlier.kind === 'added' && earlier.id === id)
  return step.kind === 'changed' || (step.kind === 'added' ? !isAdded(step.id) : isAdded(step.id))
}

const ids = fc.constantFrom('m1', 'm2', 'm3')
const steps = fc.oneof(
  fc.record({ kind: fc.constant('added' as const), id: ids }),
  fc.record({
    kind: fc.constant('status' as const),
    id: ids,
    status: fc.constantFrom(...STATUSES),
    attempt: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ kind: fc.constant('changed' as const), unreadCount: fc.nat(5), isMine: fc.boolean() }),
)

type Step = typeof steps extends fc.Arbitrary<infer S> ? S : never

/** A log as the server writes it: a conversation's version grows with each event that carries it. */
const logs = fc.array(steps, { minLength: 1, maxLength: 30 }).map((list) =>
  list
    .filter((step, index) => isPossible(step, list.slice(0, index)))
    .map((step, index): InboxEvent => {
      if (step.kind === 'added') return added(message(step.id), index + 1)
      if (step.kind === 'status') return reached(step.id, step.status, step.attempt)
      const assignee = step.isMine ? { id: AGENT, name: 'Ana' } : null
      return {
        type: 'conversation.changed',
        conversation: conversation(index + 1, { unreadCount: step.unreadCount, assignee }),
      }
    }),
)

describe('delivery at least once', () => {
  test('any repetition of what was delivered gives the same state', () => {
    fc.assert(
      fc.property(logs, fc.array(fc.tuple(fc.nat(29), fc.nat(29)), { maxLength: 8 }), (log, resumes) => {
        // Each resume goes back to an earlier cursor and delivers from there to where the tab had got.
        const start = withRows(opened(), [conversation(0)], NO_COUNTS)
        let again = start
        for (const [index, event] of log.entries()) {
          again = apply(again, event)
          for (const [at, back] of resumes) {
            if (at === index) again = log.slice(Math.max(0, index - back), index + 1).reduce(apply, again)
          }
        }
        expect(again).toEqual(run(log, start))
      }),
    )
  })

  test('in any order, a conversation ends at its highest version and a message at its furthest status', () => {
    fc.assert(
      fc.property(
        logs.chain((log) => fc.tuple(fc.constant(log), fc.shuffledSubarray(log, { minLength: log.length }))),
        ([log, shuffled]) => {
          const [inOrder, anyOrder] = [run(log), run(shuffled)]
          expect(anyOrder.conversations.get('c1')?.version).toBe(
            inOrder.conversations.get('c1')?.version as number,
          )
          expect(anyOrder.threads.get('c1')?.messages).toEqual(
            inOrder.threads.get('c1')?.messages as Map<string, MessageSnapshot>,
          )
        },
      ),
    )
  })

  test('what was erased or removed is gone, with its thread, and nothing brings a removed message back but itself', () => {
    const state = run([added(message('m1'), 1), added(message('m2'), 2)])
    const { conversationId } = message('m1')
    const shorter = apply(state, { type: 'messages.removed', conversationId, messageIds: ['m1'] })
    expect([...(shorter.threads.get(conversationId)?.messages.keys() ?? [])]).toEqual(['m2'])
    const erased = apply(shorter, { type: 'conversation.erased', conversationId })
    expect(erased.conversations.has(conversationId)).toBe(false)
    expect(erased.threads.has(conversationId)).toBe(false)
    expect(apply(erased, { type: 'conversation.erased', conversationId })).toBe(erased)
  })

  test('an event that says nothing new gives the very same state', () => {
    const state = run([added(message('m1'), 1), reached('m1', 'read')])
    expect(apply(state, reached('m1', 'sent'))).toBe(state)
    expect(apply(state, added(message('m1'), 1))).toBe(state)
  })
})

test('conversations and threads of a channel that fell out of reach go, and those of others stay as they were', () => {
  const channel = (id: string): ChannelSnapshot => ({
    id,
    name: id,
    displayPhoneNumber: '15550783881',
    throughputPerSecond: 80,
    visibility: 'channel',
    readReceipts: 'never',
    stopWords: [],
    retentionDays: null,
    stoppedAt: null,
    archivedAt: null,
    stopError: null,
  })
  const rows = [
    conversation(1, { id: 'c1', channelId: 'support' }),
    conversation(1, { id: 'c2', channelId: 'sales' }),
  ]
  const page = (conversationId: string) => ({
    messages: [message(`m of ${conversationId}`, { conversationId })],
    reactions: [],
    hasOlder: false,
  })
  const counts = { ...NO_COUNTS, all: 2, unassigned: 2 }
  let held = withChannels(emptyInbox(AGENT), [channel('support'), channel('sales')])
  held = withRows(held, rows, counts)
  held = withPage(withPage(held, 'c1', page('c1')), 'c2', page('c2'))
  // Opened by its address, and not loaded yet: nobody knows its channel.
  held = withOpened(held, 'c3', 9)

  const after = withoutChannels(held, ['support', 'one that was never here'])
  expect([...after.conversations.keys()]).toEqual(['c2'])
  expect([...after.threads.keys()]).toEqual(['c2', 'c3'])
  expect([...after.channels.keys()]).toEqual(['support', 'sales'])
  expect(after.threads.get('c2') === held.threads.get('c2')).toBe(true)
  expect([...held.conversations.keys()]).toEqual(['c1', 'c2'])

  const connectedMeanwhile = withChannels(after, [channel('new')])
  const listed = withChannelList(connectedMeanwhile, [channel('sales')], after.channels.keys())
  expect([...listed.channels.keys()].sort()).toEqual(['new', 'sales'])
})
