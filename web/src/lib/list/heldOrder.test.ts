import { describe, expect, test } from 'bun:test'
import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { type HeldOrder, heldFrom, inHeldOrder, withOwnChange } from './heldOrder.ts'

const row = (id: string, lastPosition: string): ConversationSnapshot => ({
  id,
  channelId: 'support',
  contact: { id: `contact ${id}`, kind: 'person', name: id, phone: null, username: null, optedOutAt: null },
  status: 'open',
  snoozedUntil: null,
  assignee: null,
  team: null,
  labelIds: [],
  unreadCount: 0,
  lastMessage: null,
  lastPosition,
  windowClosesAt: null,
  freeEntryEndsAt: null,
  version: 1,
  createdAt: '2026-03-01T12:00:00.000Z',
})

const [a, b, c] = [row('a', '9'), row('b', '8'), row('c', '7')]
const held = heldFrom([a, b, c])

/** `live`: how the list stands; `all`: what the tab holds beside it. */
function shown(order: HeldOrder, live: ConversationSnapshot[], all: ConversationSnapshot[] = []) {
  const known = new Map([...all, ...live].map((one) => [one.id, one]))
  const { rows, newer, goneIds } = inHeldOrder(order, live, (id) => known.get(id))
  return { ids: rows.map(({ id }) => id).join(' '), newer, gone: [...goneIds].join(' ') }
}

describe('a list whose order is held', () => {
  test('a row that rises keeps its place, and is counted', () => {
    expect(shown(held, [row('c', '99'), a, b])).toEqual({ ids: 'a b c', newer: 1, gone: '' })
  })

  test('a new row waits above', () => {
    expect(shown(held, [row('new', '99'), a, b, c])).toEqual({ ids: 'a b c', newer: 1, gone: '' })
  })

  test('a row that left the list keeps its place as one that is gone', () => {
    expect(shown(held, [a, c], [b])).toEqual({ ids: 'a b c', newer: 0, gone: 'b' })
  })

  test('a row out of reach is gone at once', () => {
    expect(shown(held, [a, c]).ids).toBe('a c')
  })

  test('a page that was loaded below is shown below', () => {
    const page = [row('d', '6'), row('e', '5')]
    expect(shown(held, [a, b, c, ...page])).toEqual({ ids: 'a b c d e', newer: 0, gone: '' })
  })

  test('a page that was loaded below is told from a new row also when the lowest row has risen', () => {
    const live = [row('new', '99'), row('c', '98'), a, b, row('d', '6')]
    expect(shown(held, live)).toEqual({ ids: 'a b c d', newer: 2, gone: '' })
  })

  test('an empty list that is held shows what comes', () => {
    expect(shown(heldFrom([]), [a]).ids).toBe('a')
  })

  test('what this tab itself put away leaves its place', () => {
    const own = withOwnChange(held, [a, c], 'b')
    expect(shown(own, [a, c], [b])).toEqual({ ids: 'a c', newer: 0, gone: '' })
  })

  test('what this tab itself brought back takes the place that it has', () => {
    const without = heldFrom([a, c])
    expect(shown(withOwnChange(without, [a, b, c], 'b'), [a, b, c])).toEqual({
      ids: 'a b c',
      newer: 0,
      gone: '',
    })
    expect(shown(withOwnChange(heldFrom([b, c]), [a, b, c], 'a'), [a, b, c]).ids).toBe('a b c')
  })
})
