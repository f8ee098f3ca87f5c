import { afterAll, beforeAll, expect, test } from 'bun:test'
import { unnest } from '../../db/unnest.ts'
import { testConversation } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { markRead } from './markRead.ts'
import { type MessagePage, messagePage, type PageAt } from './messagePage.ts'
import { positionOf } from './position.ts'

const LENGTH = 1200
const START = new Date('2026-03-01T00:00:00Z')
const MINUTE_MS = 60_000
let workspace: TestWorkspace
let conversationId: string
let elsewhere: string
const positionAt = (index: number) => positionOf(new Date(START.getTime() + index * MINUTE_MS), '1-0', index)

beforeAll(async () => {
  workspace = await testWorkspace()
  const { sql, workspaceId, channelId } = workspace
  conversationId = await testConversation(workspace)
  elsewhere = await testConversation(workspace)
  const rows = Array.from({ length: LENGTH }, (_, index) => ({
    id: Bun.randomUUIDv7(),
    type: index % 100 === 99 ? 'reaction' : 'text',
    body: `${index}`,
    content: { kind: 'text', text: `${index}` },
    wamid: `wamid.${index}`,
    position: positionAt(index),
    sentAt: new Date(START.getTime() + index * MINUTE_MS),
  }))
  await sql`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, wamid,
      position, sent_at)
    select r.id, ${workspaceId}, ${channelId}, ${conversationId}, 'in', r.type, 'received', r.body, r.content, r.wamid,
      r.position, r."sentAt"
    from ${unnest(sql, rows, {
      id: 'uuid',
      type: 'text',
      body: 'text',
      content: 'json',
      wamid: 'text',
      position: 'text',
      sentAt: 'timestamptz',
    })}`
})
afterAll(() => workspace.drop())

const page = (at: PageAt, limit = 10) => messagePage(workspace.sql, conversationId, { ...at, limit })
const bodies = ({ messages }: MessagePage) => messages.map((message) => Number(message.body))
const upTo = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

test('the newest end of a thread has nothing below it', async () => {
  const newest = await page({})
  expect(bodies(newest)).toEqual(upTo(LENGTH - 10, 10))
  expect(newest).toMatchObject({ hasOlder: true, hasNewer: false, newerCount: 0, anchorId: null })
})

test('pages upwards and downwards meet without a gap or a double', async () => {
  const above = await page({ before: positionAt(500) })
  expect(bodies(above)).toEqual(upTo(490, 10))
  expect(above).toMatchObject({ hasOlder: true, hasNewer: true })
  const below = await page({ after: positionAt(499) })
  expect(bodies(below)).toEqual(upTo(500, 10))
  expect(below).toMatchObject({ hasOlder: true, hasNewer: true })
  expect(await page({ before: positionAt(5) })).toMatchObject({ hasOlder: false })
  expect(await page({ after: positionAt(LENGTH - 4) })).toMatchObject({ hasNewer: false, newerCount: 0 })
})

test('a jump lands on its message, with others on both sides', async () => {
  const [target] = (await page({ after: positionAt(699) }, 1)).messages
  if (!target) throw new Error('The thread is shorter than it should be')
  for (const around of [target.id, target.position, 'wamid.700', '2026-03-01T11:40:00Z']) {
    const jumped = await page({ around })
    expect(bodies(jumped)).toEqual(upTo(695, 10))
    expect(jumped).toMatchObject({ anchorId: target.id, hasOlder: true, hasNewer: true })
  }
})

test('a jump to a day without messages lands on the next one, and behind the end on the newest', async () => {
  const first = await page({ around: '2020-01-01' })
  expect(bodies(first)).toEqual(upTo(0, 5))
  expect(first).toMatchObject({ anchorId: first.messages[0]?.id, hasOlder: false, hasNewer: true })
  const last = await page({ around: '2030-01-01T00:00:00Z' })
  expect(bodies(last)).toEqual(upTo(LENGTH - 10, 10))
  expect(last).toMatchObject({ anchorId: null, hasNewer: false, newerCount: 0 })
})

test('what stands below a page is counted, without reactions and not for ever', async () => {
  expect((await page({ around: positionAt(1000) })).newerCount).toBe(LENGTH - 1005 - 2)
  expect((await page({ after: positionAt(0) })).newerCount).toBe(1000)
  expect((await page({ before: positionAt(500) })).newerCount).toBeNull()
})

test('a message of another conversation is not found, and nonsense is no date', async () => {
  const reasonOf = (around: string, of = conversationId) =>
    messagePage(workspace.sql, of, { around, limit: 10 }).catch((error) => error.reason)
  const [message] = (await page({}, 1)).messages
  expect(await reasonOf(message?.id ?? '', elsewhere)).toBe('NOT_FOUND')
  expect(await reasonOf('wamid.700', elsewhere)).toBe('NOT_FOUND')
  expect(await reasonOf('wamid.never')).toBe('NOT_FOUND')
  expect(await reasonOf('2026-99-99')).toBe('INPUT_INVALID')
})

test('what came late is told with the newest end while it is unread, wherever it stands', async () => {
  const { sql } = workspace
  const far = positionAt(3)
  await sql`update messages set is_late = true, created_at = now() where conversation_id = ${conversationId} and position = ${far}`
  await sql`update conversations set unread_count = 1, read_at = now() - interval '1 hour' where id = ${conversationId}`
  const newest = await page({})
  expect(newest.late.map(({ position }) => position)).toEqual([far])
  expect((await page({ before: positionAt(500) })).late).toEqual([])
  await sql.begin((tx) => markRead(tx, { conversationId, reach: reachTo([workspace.channelId]) }))
  expect((await page({})).late).toEqual([])
})
