import { describe, expect, test } from 'bun:test'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { emptyThread, type ThreadState } from './apply.ts'
import { chunksOf, firstUnread, type ThreadItem, threadItems } from './threadItems.ts'

function said(id: string, minute: number, over: Partial<MessageSnapshot> = {}): MessageSnapshot {
  return {
    id,
    conversationId: 'c1',
    clientMessageId: null,
    wamid: `wamid.${id}`,
    direction: 'in',
    type: 'text',
    body: id,
    content: { kind: 'text', text: id },
    context: null,
    media: null,
    status: 'received',
    attempt: 0,
    error: null,
    retryAt: null,
    decideAt: null,
    dismissedAt: null,
    wasDeliveredEarlier: false,
    agent: null,
    authorName: null,
    position: String(minute).padStart(6, '0'),
    sentAt: new Date(Date.UTC(2026, 10, 22, 12, minute)).toISOString(),
    isLate: false,
    targetWamid: null,
    edit: null,
    revokedAt: null,
    ...over,
  }
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
      [],
      null,
    )
    expect(bubbles(items).map((item) => item.startsGroup)).toEqual([true, false, true, true])
  })

  test('each day begins with a line', () => {
    const items = threadItems(thread([said('a', 0), said('b', 24 * 60)]), [], null)
    expect(items.map((item) => item.kind)).toEqual(['day', 'bubble', 'day', 'bubble'])
  })

  test('a reaction is a chip under its message, not a bubble', () => {
    const reaction = said('r', 2, reactionTo('wamid.a'))
    const held = thread([said('a', 0), reaction], {
      reactions: new Map([['x', { targetWamid: 'wamid.a', actor: 'x', emoji: '👍', position: '1' }]]),
    })
    const items = threadItems(held, [], null)
    expect(bubbles(items)).toHaveLength(1)
    expect(bubbles(items)[0]?.reactions).toEqual([{ emoji: '👍', count: 1 }])
  })

  test('a reaction to what is not loaded is a small line', () => {
    const items = threadItems(thread([said('r', 2, reactionTo('wamid.gone'))]), [], null)
    expect(items.map((item) => item.kind)).toEqual(['day', 'notice'])
  })

  test('a waiting bubble gives way to its message and keeps its key', () => {
    const waiting = said('client-1', 9, { direction: 'out', clientMessageId: 'client-1', position: '~' })
    const before = bubbles(threadItems(thread([]), [waiting], null))
    const arrived = said('m1', 9, { direction: 'out', clientMessageId: 'client-1' })
    const after = bubbles(threadItems(thread([arrived]), [waiting], null))
    expect(after).toHaveLength(1)
    expect(after[0]?.message.id).toBe('m1')
    expect(after[0]?.key).toBe(before[0]?.key as string)
  })

  test('a late message above the loaded pages waits for its page', () => {
    const held = thread([said('late', 1), said('a', 50), said('b', 51)], {
      pageStarts: ['000050'],
      hasOlder: true,
    })
    expect(bubbles(threadItems(held, [], null)).map((item) => item.message.id)).toEqual(['a', 'b'])
  })

  test('the line of what is new stands above the first unread message of the customer', () => {
    const held = thread([said('a', 0), said('b', 1, { direction: 'out' }), said('c', 2), said('d', 3)])
    expect(firstUnread(held, 2)).toBe('000002')
    const kinds = threadItems(held, [], firstUnread(held, 2)).map((item) => item.kind)
    expect(kinds).toEqual(['day', 'bubble', 'bubble', 'new', 'bubble', 'bubble'])
  })

  test('chunks keep their borders when a page comes above and a message below', () => {
    const page = Array.from({ length: 60 }, (_, index) => said(`m${index}`, 100 + index))
    const keys = (messages: MessageSnapshot[], pageStarts: string[]) =>
      chunksOf(threadItems(thread(messages), [], null), pageStarts).map((chunk) => chunk.key)
    const before = keys(page, ['000100'])
    const older = [said('older', 1), said('older too', 2)]
    const after = keys([...older, ...page, said('newer', 300)], ['000001', '000100'])
    expect(after).toEqual(['older', ...before])
  })
})
