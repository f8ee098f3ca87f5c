import { describe, expect, test } from 'bun:test'
import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { expectedWork } from './expectedWork.ts'

const CONVERSATION: ConversationSnapshot = {
  id: 'c1',
  channelId: 'ch1',
  contact: { id: 'p1', kind: 'person', name: 'Nora', phone: null, username: null, optedOutAt: null },
  status: 'open',
  snoozedUntil: null,
  assignee: { id: 'a', name: 'Ana' },
  team: { id: 't', name: 'Support' },
  labelIds: ['vip'],
  unreadCount: 3,
  lastMessage: null,
  lastPosition: '1',
  windowClosesAt: null,
  freeEntryEndsAt: null,
  version: 7,
  createdAt: '2026-11-22T10:00:00.000Z',
}

/** As the store of people is: its methods need the store. */
class Names {
  #agents = new Map([['b', 'Ben']])
  agentName(id: string) {
    return this.#agents.get(id) ?? null
  }
  teamName() {
    return null
  }
}
const after = (action: Parameters<typeof expectedWork>[1]) => expectedWork(CONVERSATION, action, new Names())

describe('what an act is expected to do', () => {
  test('what is not named stays, what is null is taken away', () => {
    expect(after({ kind: 'assign', assigneeId: 'b' })).toMatchObject({
      assignee: { id: 'b', name: 'Ben' },
      team: { id: 't' },
    })
    expect(after({ kind: 'assign', assigneeId: null }).assignee).toBeNull()
    expect(after({ kind: 'assign', teamId: null })).toMatchObject({ assignee: { id: 'a' }, team: null })
  })

  test('a name that is not known here waits for the answer', () => {
    expect(after({ kind: 'assign', teamId: 'unknown' }).team).toEqual({ id: 't', name: 'Support' })
  })

  test('labels come and go, each once', () => {
    expect(after({ kind: 'label', add: ['vip', 'refund'] }).labelIds).toEqual(['vip', 'refund'])
    expect(after({ kind: 'label', remove: ['vip'] }).labelIds).toEqual([])
  })

  test('reopening ends a snooze, and the version stays, so the answer stands above it', () => {
    const snoozed = { ...CONVERSATION, status: 'snoozed' as const, snoozedUntil: '2026-11-23T09:00:00.000Z' }
    expect(expectedWork(snoozed, { kind: 'reopen' }, new Names())).toEqual({ ...CONVERSATION, version: 7 })
  })
})
