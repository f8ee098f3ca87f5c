import { describe, expect, test } from 'bun:test'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { messageSnapshot } from '../../../../server/testing/messageSnapshot.ts'
import type { ThreadItem } from './threadItems.ts'
import { type TrailEntry, trailInWords } from './trailInWords.ts'
import { withTrail } from './trailItems.ts'

const ANA = { id: 'a', name: 'Ana' }
const NAMES = {
  agentName: (id: string) => ({ a: 'Ana', b: 'Ben' })[id] ?? null,
  teamName: (id: string) => ({ t: 'Sales' })[id] ?? null,
  labelName: (id: string) => ({ l: 'VIP', m: 'Refund' })[id] ?? null,
}
const said = (action: string, details: unknown, actor: TrailEntry['actor'] = ANA) =>
  trailInWords({ id: '1', action, actor, details, createdAt: '2026-11-22T10:00:00.000Z' }, NAMES)
const MESSAGE: MessageSnapshot = messageSnapshot()
const nobody = { assigneeId: null, teamId: null }

describe('the trail of a conversation in words', () => {
  test('who takes it, gives it to somebody, to a team, or to nobody', () => {
    const assigned = (to: object, from: object = nobody) => said('conversation.assigned', { from, to })
    expect(assigned({ assigneeId: 'a', teamId: null })).toBe('Ana took the conversation')
    expect(assigned({ assigneeId: 'b', teamId: null })).toBe('Ana assigned the conversation to Ben')
    expect(assigned({ assigneeId: null, teamId: 't' })).toBe('Ana assigned the conversation to team Sales')
    expect(assigned(nobody, { assigneeId: 'b', teamId: null })).toBe(
      'Ana assigned the conversation to nobody',
    )
    expect(assigned({ assigneeId: 'gone', teamId: null })).toContain('somebody who has left')
  })

  test('a customer who writes, a snooze that is over, and a colleague open it each in their own words', () => {
    expect(said('conversation.reopened', { from: 'resolved', by: 'customer' }, null)).toContain(
      'The customer wrote',
    )
    expect(said('conversation.reopened', { from: 'snoozed' }, null)).toBe('The snooze is over')
    expect(said('conversation.reopened', { from: 'resolved' })).toBe('Ana opened the conversation again')
  })

  test('labels are named; one that is gone leaves no line', () => {
    expect(said('conversation.labelled', { added: ['l'], removed: ['m'] })).toBe(
      'Ana put on “VIP” and took off “Refund”',
    )
    expect(said('conversation.labelled', { added: ['x'], removed: [] })).toBeNull()
  })

  test('what readers of the thread do not need has no line', () => {
    expect(said('contact.changed', {})).toBeNull()
    expect(said('conversation.labelled', null)).toBeNull()
  })
})

describe('the lines of the trail between the messages', () => {
  const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString()
  const notice = (minute: number): ThreadItem => ({
    kind: 'notice',
    key: `m${minute}`,
    message: { ...MESSAGE, sentAt: at(minute) },
  })
  const items: ThreadItem[] = [{ kind: 'day', key: 'day', iso: at(10) }, notice(10), notice(20)]
  const lines = (...minutes: number[]) =>
    minutes.map((minute) => ({ id: `${minute}`, words: 'x', createdAt: at(minute) }))
  const keys = (found: ThreadItem[]) => found.map(({ key }) => key)

  test('each stands where it happened', () => {
    expect(keys(withTrail(items, lines(5, 15, 25), { fromStart: true, toEnd: true }))).toEqual([
      'trail 5',
      'day',
      'm10',
      'trail 15',
      'm20',
      'trail 25',
    ])
  })

  test('what happened beyond the loaded part waits for its page', () => {
    expect(keys(withTrail(items, lines(5, 15, 25), { fromStart: false, toEnd: false }))).toEqual([
      'day',
      'm10',
      'trail 15',
      'm20',
    ])
  })

  test('a long row of acts is told by its newest ones', () => {
    expect(keys(withTrail(items, lines(11, 12, 13, 14, 15, 16), { fromStart: true, toEnd: true }))).toEqual([
      'day',
      'm10',
      'trail 13',
      'trail 14',
      'trail 15',
      'trail 16',
      'm20',
    ])
  })
})
