import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { OrderedRows, type Rule } from './orderedRows.ts'

const row = (id: number, position: number, status: 'open' | 'resolved'): ConversationSnapshot => ({
  id: `${id}`,
  channelId: 'support',
  contact: {
    id: `contact ${id}`,
    kind: 'person',
    name: `${id}`,
    phone: null,
    username: null,
    optedOutAt: null,
  },
  status,
  snoozedUntil: null,
  assignee: null,
  team: null,
  labelIds: [],
  unreadCount: 0,
  lastMessage: null,
  lastPosition: `${position}`.padStart(4, '0'),
  windowClosesAt: null,
  freeEntryEndsAt: null,
  version: 1,
  createdAt: '2026-03-01T12:00:00.000Z',
})

const newestFirst: Rule = {
  holds: ({ status }) => status === 'open',
  order: (a, b) => (`${a.lastPosition} ${a.id}` < `${b.lastPosition} ${b.id}` ? 1 : -1),
}
const oldestFirst: Rule = { ...newestFirst, order: (a, b) => -newestFirst.order(a, b) }

const aRow = fc
  .tuple(fc.nat(30), fc.nat(999), fc.constantFrom('open' as const, 'resolved' as const))
  .map((its) => row(...its))
const aStep = fc.oneof(
  { weight: 6, arbitrary: fc.array(aRow, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom('forget one' as const, 'turn round' as const) },
)

test('rows put into their places stand as if all were sorted anew, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 60 }), (steps) => {
      const ordered = new OrderedRows()
      let [held, rule] = [new Map<string, ConversationSnapshot>(), newestFirst]
      for (const step of steps) {
        held = new Map(held)
        if (step === 'turn round') rule = rule === newestFirst ? oldestFirst : newestFirst
        else if (step === 'forget one') held.delete([...held.keys()][0] ?? '')
        else for (const one of step) held.set(one.id, one)
        const anew = [...held.values()].filter(rule.holds).sort(rule.order)
        expect(ordered.of(held, rule)).toEqual(anew)
      }
    }),
  )
})

test('what changes elsewhere leaves the rows as they were', () => {
  const ordered = new OrderedRows()
  const held = new Map([['1', row(1, 5, 'open')]])
  const before = ordered.of(held, newestFirst)
  expect(before).toHaveLength(1)
  expect(ordered.of(new Map(held).set('2', row(2, 9, 'resolved')), newestFirst)).toBe(before)
})
