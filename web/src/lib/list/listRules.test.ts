import { afterAll, beforeAll, expect, test } from 'bun:test'
import { conversationPage } from '../../../../server/inbox/conversationPage.ts'
import { positionOf } from '../../../../server/inbox/position.ts'
import { conversationsById } from '../../../../server/inbox/readConversations.ts'
import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { testAgent } from '../../../../server/testing/testPeople.ts'
import { reachTo } from '../../../../server/testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../../../../server/testing/testWorkspace.ts'
import { begun, type Depth, deeper, isWithin } from './depth.ts'
import type { Filters, ListQuery, Sort, View, WindowFilter } from './listQuery.ts'
import { fits, isInView, order } from './listRules.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const HOUR_MS = 60 * 60 * 1000
const VIEWS: View[] = ['mine', 'unassigned', 'all', 'unread', 'mentions', 'snoozed', 'resolved']
const SORTS: Sort[] = ['newest', 'oldest', 'window']
/** Hours since the customer wrote: at, before and after each edge of the window; null: never. */
const WROTE = [null, 0, 1, 21.99, 22, 22.5, 23.99, 24, 24.01, 200]
const ROWS = 240

let workspace: TestWorkspace
let channelIds: string[]
let labelIds: string[]
let agentIds: string[]
/** Every row, as a tab would hold it. */
let held: ConversationSnapshot[]
let mentionedIds: Set<string>

beforeAll(async () => {
  workspace = await testWorkspace()
  const { sql, workspaceId, channelId, agentId, teamId } = workspace
  const other = Bun.randomUUIDv7()
  await sql`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
    values (${other}, ${workspaceId}, 'Sales', ${other}, '1555', '1')`
  channelIds = [channelId, other]
  labelIds = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
  agentIds = [agentId, (await testAgent(workspace, 'Ben')).id]
  const ids = Array.from({ length: ROWS }, () => Bun.randomUUIDv7())
  for (const [index, id] of ids.entries()) await insert(id, index, teamId)
  mentionedIds = new Set(ids.filter((_, index) => index % 5 === 0))
  for (const id of mentionedIds) await mention(id)
  held = (await conversationsById(sql, ids)).filter((row) => row.lastPosition !== '')
}, 30_000)
afterAll(() => workspace.drop())

/** Each property goes round at a pace of its own, so that the rows meet in many combinations. */
async function insert(id: string, index: number, teamId: string) {
  const { sql, workspaceId } = workspace
  const contactId = Bun.randomUUIDv7()
  const wroteHoursAgo = WROTE[index % WROTE.length] ?? null
  const wroteAt = wroteHoursAgo === null ? null : new Date(NOW.getTime() - wroteHoursAgo * HOUR_MS)
  // Every third position is shared, and some conversations are empty.
  const position =
    index % 31 === 30 ? '' : positionOf(new Date(NOW.getTime() - (index - (index % 3)) * 60_000), '1-0', 0)
  const its = [[], labelIds.slice(0, 1), labelIds, labelIds.slice(1)][index % 4] ?? []
  await sql`insert into contacts (id, workspace_id, name) values (${contactId}, ${workspaceId}, ${`Customer ${index}`})`
  await sql`
    insert into conversations (id, workspace_id, channel_id, contact_id, status, assignee_id, team_id, label_ids, unread_count,
      last_inbound_at, last_position)
    values (${id}, ${workspaceId}, ${channelIds[index % 2] ?? ''}, ${contactId},
      ${['open', 'open', 'open', 'snoozed', 'open', 'resolved', 'open'][index % 7] ?? ''},
      ${[null, ...agentIds][index % 3] ?? null}, ${index % 11 < 5 ? teamId : null}, ${its}::uuid[], ${index % 13 < 6 ? 2 : 0},
      ${wroteAt?.toISOString() ?? null}, ${position})`
}

async function mention(conversationId: string) {
  const { sql, workspaceId, channelId, agentId } = workspace
  const id = Bun.randomUUIDv7()
  await sql`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, content, position, sent_at)
    values (${id}, ${workspaceId}, ${channelId}, ${conversationId}, 'note', 'note', 'received', '{}', ${id}, now())`
  await sql`
    insert into mentions (message_id, agent_id, workspace_id, conversation_id)
    values (${id}, ${agentId}, ${workspaceId}, ${conversationId})`
}

const names = (rows: readonly ConversationSnapshot[]) => rows.map((row) => row.contact.name)

function page({ view, filters, sort }: ListQuery, limit: number, before?: string) {
  const { sql, workspaceId, agentId } = workspace
  return conversationPage(
    sql,
    { workspaceId, agentId, reach: reachTo(channelIds, agentId), view, filters, sort },
    { before, limit },
    NOW,
  )
}

/** What this tab makes of the rows that it holds. */
function shown({ view, filters, sort }: ListQuery): ConversationSnapshot[] {
  const reader = { agentId: workspace.agentId, mentionedIds }
  return held
    .filter((row) => isInView(view, row, reader) && fits(filters, row, NOW.getTime()))
    .sort(order(sort, NOW.getTime()))
}

function filtersToTry(): Filters[] {
  const windows: WindowFilter[] = ['open', 'closing', 'closed']
  const [channel = '', other = ''] = channelIds
  const [label = ''] = labelIds
  return [
    {},
    { channelIds: [channel] },
    { channelIds: [channel, other], assigneeIds: agentIds },
    { teamIds: [workspace.teamId] },
    { labelIds: [label] },
    { labelIds, teamIds: [workspace.teamId], window: 'open' },
    ...windows.map((window) => ({ window })),
  ]
}

test('the tab and the server agree on every view, filter and sort', async () => {
  let compared = 0
  for (const view of VIEWS) {
    for (const filters of filtersToTry()) {
      for (const sort of SORTS) {
        const query = { view, filters, sort }
        const { conversations } = await page(query, ROWS)
        expect({ query, rows: names(shown(query)) }).toEqual({ query, rows: names(conversations) })
        compared += conversations.length
      }
    }
    expect((await page({ view, filters: {}, sort: 'newest' }, ROWS)).conversations.length).toBeGreaterThan(5)
  }
  expect(compared).toBeGreaterThan(ROWS)
}, 60_000)

test('a list that is loaded in part shows what was loaded of it and nothing below, whatever else the tab holds', async () => {
  for (const sort of SORTS) {
    const query: ListQuery = { view: 'all', filters: {}, sort }
    let depth: Depth | null = null
    const seen: ConversationSnapshot[] = []
    let before: string | undefined
    for (let pages = 0; pages < 3; pages++) {
      const next = await page(query, 20, before)
      depth = depth ? deeper(sort, depth, next) : begun(sort, next, NOW.getTime())
      before = next.nextCursor ?? undefined
      seen.push(...next.conversations)
      expect(next.hasMore).toBe(true)
      expect(names(shown(query).filter(isWithin(sort, depth)))).toEqual(names(seen))
    }
  }
})
