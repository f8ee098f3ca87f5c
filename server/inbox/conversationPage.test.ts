import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { testAgent } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { conversationPage, type ListRequest } from './conversationPage.ts'
import { countViews } from './countViews.ts'
import { positionOf } from './position.ts'
import { Refusal } from './refusal.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`truncate conversations, contacts, mentions cascade`
})

const NOW = new Date('2026-03-01T12:00:00Z')
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
let minute = 0

type Row = {
  status?: 'open' | 'snoozed' | 'resolved'
  assigneeId?: string
  teamId?: string
  labelIds?: string[]
  unread?: number
  wroteHoursAgo?: number | null
  lastPosition?: string
  channelId?: string
}

/** A conversation with something in it, newer than those before; the customer's name is its own. */
async function there(name: string, row: Row = {}): Promise<string> {
  const { sql, workspaceId } = workspace
  const [id, contactId] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
  const { status = 'open', wroteHoursAgo = 1, labelIds = [] } = row
  const wroteAt = wroteHoursAgo === null ? null : new Date(NOW.getTime() - wroteHoursAgo * HOUR_MS)
  const position = row.lastPosition ?? positionOf(new Date(NOW.getTime() + minute++ * MINUTE_MS), '1-0', 0)
  await sql`insert into contacts (id, workspace_id, name) values (${contactId}, ${workspaceId}, ${name})`
  await sql`
    insert into conversations (id, workspace_id, channel_id, contact_id, status, assignee_id, team_id, label_ids, unread_count,
      last_inbound_at, last_position)
    values (${id}, ${workspaceId}, ${row.channelId ?? workspace.channelId}, ${contactId}, ${status}, ${row.assigneeId ?? null},
      ${row.teamId ?? null}, ${labelIds}::uuid[], ${row.unread ?? 0}, ${wroteAt?.toISOString() ?? null}, ${position})`
  return id
}

type Asked = Partial<Omit<ListRequest, 'workspaceId'>>
const of = (asked: Asked): ListRequest => ({
  workspaceId: workspace.workspaceId,
  agentId: workspace.agentId,
  reach: reachTo([workspace.channelId]),
  view: 'all',
  filters: {},
  sort: 'newest',
  ...asked,
})
const page = (asked: Asked, before?: string, limit = 50, now = NOW) =>
  conversationPage(workspace.sql, of(asked), { before, limit }, now)
async function names(asked: Asked): Promise<(string | null)[]> {
  return (await page(asked)).conversations.map((conversation) => conversation.contact.name)
}
/** The whole list, page by page; `between` happens after each page. */
async function walked(asked: Asked, limit: number, between = () => NOW): Promise<(string | null)[]> {
  const seen: (string | null)[] = []
  let before: string | undefined
  for (;;) {
    const { conversations, nextCursor, hasMore } = await page(asked, before, limit, between())
    seen.push(...conversations.map((conversation) => conversation.contact.name))
    expect(hasMore).toBe(nextCursor !== null)
    if (nextCursor === null) return seen
    before = nextCursor
  }
}

test('each view holds what it says, and its count is how many that are', async () => {
  const ben = await testAgent(workspace, 'Ben')
  await there('mine', { assigneeId: workspace.agentId })
  await there('of Ben', { assigneeId: ben.id, unread: 2 })
  await there('nobody has it', { unread: 1 })
  await there('asleep', { status: 'snoozed', assigneeId: workspace.agentId, unread: 1 })
  await there('done', { status: 'resolved' })
  expect(await names({ view: 'all' })).toEqual(['nobody has it', 'of Ben', 'mine'])
  expect(await names({ view: 'mine' })).toEqual(['mine'])
  expect(await names({ view: 'unassigned' })).toEqual(['nobody has it'])
  expect(await names({ view: 'unread' })).toEqual(['nobody has it', 'of Ben'])
  expect(await names({ view: 'snoozed' })).toEqual(['asleep'])
  expect(await names({ view: 'resolved' })).toEqual(['done'])
  expect(await countViews(workspace.sql, of({}))).toEqual({
    all: 3,
    mine: 1,
    unassigned: 1,
    unread: 2,
    mentions: 0,
    snoozed: 1,
    resolved: 1,
  })
})

test('a channel out of reach stands in no view and in no count, also when it is asked for by id', async () => {
  const { sql, workspaceId } = workspace
  const other = Bun.randomUUIDv7()
  await sql`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
    values (${other}, ${workspaceId}, 'Sales', ${other}, '1555', '1')`
  await there('theirs', { channelId: other, unread: 1 })
  await there('ours')
  expect(await names({})).toEqual(['ours'])
  expect(await names({ filters: { channelIds: [other] } })).toEqual([])
  expect(
    await names({ reach: reachTo([workspace.channelId, other]), filters: { channelIds: [other] } }),
  ).toEqual(['theirs'])
  expect((await countViews(sql, of({}))).all).toBe(1)
})

test('filters narrow a view, each by any of what it names, all together', async () => {
  const [urgent, refund] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
  const { agentId, teamId } = workspace
  await there('urgent', { labelIds: [urgent], assigneeId: agentId })
  await there('refund of the team', { labelIds: [refund], teamId })
  await there('plain', { assigneeId: agentId })
  expect(await names({ filters: { labelIds: [urgent] } })).toEqual(['urgent'])
  expect(await names({ filters: { labelIds: [urgent, refund] } })).toEqual(['refund of the team', 'urgent'])
  expect(await names({ filters: { assigneeIds: [agentId], labelIds: [urgent, refund] } })).toEqual(['urgent'])
  expect(await names({ filters: { teamIds: [teamId] } })).toEqual(['refund of the team'])
})

test('windows are open, closing within two hours, or closed', async () => {
  await there('fresh', { wroteHoursAgo: 1 })
  await there('closing', { wroteHoursAgo: 23 })
  await there('closed', { wroteHoursAgo: 24 })
  await there('never wrote', { wroteHoursAgo: null })
  expect(await names({ filters: { window: 'open' } })).toEqual(['closing', 'fresh'])
  expect(await names({ filters: { window: 'closing' } })).toEqual(['closing'])
  expect(await names({ filters: { window: 'closed' } })).toEqual(['never wrote', 'closed'])
})

test('the window that closes first stands first, then those that closed last', async () => {
  await there('long ago', { wroteHoursAgo: 300 })
  await there('fresh', { wroteHoursAgo: 1 })
  await there('never wrote', { wroteHoursAgo: null })
  await there('closing', { wroteHoursAgo: 23.5 })
  await there('just closed', { wroteHoursAgo: 25 })
  const order = ['closing', 'fresh', 'just closed', 'long ago', 'never wrote']
  expect(await names({ sort: 'window' })).toEqual(order)
  expect(await walked({ sort: 'window' }, 2)).toEqual(order)
})

test('windows that close while somebody scrolls skip no row and repeat none', async () => {
  for (let index = 0; index < 9; index++) await there(`${index}`, { wroteHoursAgo: 23.9 - index / 10 })
  let now = NOW.getTime()
  const seen = await walked({ sort: 'window' }, 2, () => {
    now += 15 * MINUTE_MS
    return new Date(now)
  })
  expect(seen.toSorted()).toEqual(Array.from({ length: 9 }, (_, index) => `${index}`))
})

test('pages meet without a gap or a double in every sort, also where positions are equal', async () => {
  const same = positionOf(NOW, '5-0', 0)
  for (let index = 0; index < 5; index++) await there(`same ${index}`, { lastPosition: same })
  for (let index = 0; index < 4; index++) await there(`${index}`)
  for (const sort of ['newest', 'oldest', 'window'] as const) {
    const whole = await names({ sort })
    expect(whole).toHaveLength(9)
    expect(await walked({ sort }, 2)).toEqual(whole)
  }
  expect(await names({ sort: 'oldest' })).toEqual((await names({ sort: 'newest' })).toReversed())
})

test('the position of the last row still is a cursor, and nonsense is refused', async () => {
  await there('older')
  const newer = await there('newer')
  const [first] = (await page({})).conversations
  expect(first?.id).toBe(newer)
  const rest = await page({}, first?.lastPosition)
  expect(rest.conversations.map((one) => one.contact.name)).toEqual(['older'])
  expect((await page({ filters: { window: 'open' } }, first?.lastPosition)).conversations).toHaveLength(1)
  for (const nonsense of ['', 'x', '1 2 3', `5 ${positionOf(NOW, '1-0', 0)} no-id`, "' or 1=1"])
    await expect(page({}, nonsense)).rejects.toBeInstanceOf(Refusal)
})
