import { describe, expect, test } from 'bun:test'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { messageSnapshot } from '../../../../server/testing/messageSnapshot.ts'
import { END, type Span, START } from './spans.ts'
import { firstUnread, type ThreadItem, threadItems } from './threadItems.ts'
import { emptyThread, messagesIn, type ThreadState } from './threadState.ts'

const ALL: Span = { from: START, to: END }

function said(id: string, minute: number, over: Partial<MessageSnapshot> = {}): MessageSnapshot {
  return messageSnapshot({
    id,
    conversationId: 'c1',
    wamid: `wamid.${id}`,
    body: id,
    content: { kind: 'text', text: id },
    position: String(minute).padStart(6, '0'),
    sentAt: new Date(Date.UTC(2026, 10, 22, 12, minute)).toISOString(),
    ...over,
  })
}

function thread(messages: MessageSnapshot[], over: Partial<ThreadState> = {}): ThreadState {
  return { ...emptyThread, isLoaded: true, messages: new Map(messages.map((one) => [one.id, one])), ...over }
}

const reactionTo = (targetWamid: string): Partial<MessageSnapshot> => ({
  type: 'reaction',
  content: { kind: 'reaction', targetWamid, emoji: '👍' },
  targetWamid,
})

const bubbles = (items: ThreadItem[]) => items.flatMap((item) => (item.kind === 'bubble' ? [item] : []))

describe('the items of a thread', () => {
  test('messages of one author within two minutes stand together', () => {
    const items = threadItems(
      thread([said('a', 0), said('b', 1), said('c', 5), said('d', 6, { direction: 'out' })]),
      ALL,
      [],
      null,
    )
    expect(bubbles(items).map((item) => item.startsGroup)).toEqual([true, false, true, true])
  })

  test('each day begins with a line', () => {
    const items = threadItems(thread([said('a', 0), said('b', 24 * 60)]), ALL, [], null)
    expect(items.map((item) => item.kind)).toEqual(['day', 'bubble', 'day', 'bubble'])
  })

  test('a reaction is a chip under its message, not a bubble', () => {
    const reaction = said('r', 2, reactionTo('wamid.a'))
    const held = thread([said('a', 0), reaction], {
      reactions: new Map([['x', { targetWamid: 'wamid.a', actor: 'x', emoji: '👍', position: '1' }]]),
    })
    const items = threadItems(held, ALL, [], null)
    expect(bubbles(items)).toHaveLength(1)
    expect(bubbles(items)[0]?.reactions).toEqual([{ emoji: '👍', actors: ['x'] }])
  })

  test('a reaction to what is not loaded is a small line', () => {
    const items = threadItems(thread([said('r', 2, reactionTo('wamid.gone'))]), ALL, [], null)
    expect(items.map((item) => item.kind)).toEqual(['day', 'notice'])
  })

  test('a waiting bubble gives way to its message and keeps its key', () => {
    const waiting = said('client-1', 9, { direction: 'out', clientMessageId: 'client-1', position: '~' })
    const before = bubbles(threadItems(thread([]), ALL, [waiting], null))
    const arrived = said('m1', 9, { direction: 'out', clientMessageId: 'client-1' })
    const after = bubbles(threadItems(thread([arrived]), ALL, [waiting], null))
    expect(after).toHaveLength(1)
    expect(after[0]?.message.id).toBe('m1')
    expect(after[0]?.key).toBe(before[0]?.key as string)
  })

  test('what stands in a gap is not shown beside what is loaded, and its quote still has its words', () => {
    const quotes = { quotedWamid: 'wamid.far', forwarded: null, referral: null }
    const held = thread([said('far', 1), said('top', 49), said('a', 50, { context: quotes }), said('b', 51)])
    const span = { from: '000049', to: END }
    const shown = bubbles(threadItems(held, span, [], null))
    expect(shown.map((item) => item.message.id)).toEqual(['a', 'b'])
    expect(shown[0]?.quoted?.id).toBe('far')
  })

  test('what waits to be sent stands at the end of the thread, and nowhere else', () => {
    const waiting = said('client-1', 9, { direction: 'out', clientMessageId: 'client-1', position: END })
    const held = thread([said('a', 0), said('b', 5), said('c', 9)])
    const shown = (span: Span) =>
      bubbles(threadItems(held, span, [waiting], null)).map((item) => item.message.id)
    expect(shown({ from: START, to: '000005' })).toEqual(['a', 'b'])
    expect(shown({ from: '000000', to: END })).toEqual(['b', 'c', 'client-1'])
  })

  test('the uppermost of what is loaded waits until it is known what stands above it', () => {
    const held = thread([said('a', 0), said('b', 1), said('c', 2)])
    const before = threadItems(held, { from: '000001', to: END }, [], null)
    const after = threadItems(held, ALL, [], null)
    expect(bubbles(before).map((item) => item.message.id)).toEqual(['c'])
    expect(after.slice(-before.length)).toEqual(before)
    const alone = threadItems(held, { from: '000002', to: END }, [], null)
    expect(bubbles(alone).map((item) => item.message.id)).toEqual(['c'])
    const unread = threadItems(held, { from: '000001', to: END }, [], '000001')
    expect(unread.map((item) => item.kind)).toEqual(['day', 'new', 'bubble', 'bubble'])
  })

  test('the line of what is new stands above the first unread message of the customer', () => {
    const held = thread([said('a', 0), said('b', 1, { direction: 'out' }), said('c', 2), said('d', 3)])
    const first = firstUnread(messagesIn(held, ALL), 2)
    expect(first).toBe('000002')
    const kinds = threadItems(held, ALL, [], first).map((item) => item.kind)
    expect(kinds).toEqual(['day', 'bubble', 'bubble', 'new', 'bubble', 'bubble'])
  })
})
