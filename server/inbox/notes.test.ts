import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { testAgent } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { addNote } from './addNote.ts'
import type { Agent } from './agent.ts'
import { conversationPage } from './conversationPage.ts'
import { countViews } from './countViews.ts'
import { messagePage } from './messagePage.ts'
import type { Reach } from './policy.ts'
import { nextPosition, notePosition, positionOf } from './position.ts'
import { conversationsById } from './readConversations.ts'
import { markMentionsRead, mentionPage } from './readMentions.ts'
import { sendMessages } from './sendMessages.ts'

let inbox: TestOutbox
let conversationId: string
let customers = 0
beforeAll(async () => {
  inbox = await TestOutbox.open()
})
afterAll(() => inbox.close())
beforeEach(async () => {
  conversationId = await inbox.openConversation(`1650555${2000 + customers++}`)
})

type Given = Partial<{
  agent: Agent
  clientMessageId: string
  mentionIds: string[]
  reach: Reach<'conversations.note'>
}>
function note(text: string, { agent = inbox.agent, ...given }: Given = {}) {
  const rest = {
    clientMessageId: Bun.randomUUIDv7(),
    mentionIds: [],
    reach: reachTo([inbox.workspace.channelId]),
  }
  const request = { agent, conversationId, text, ...rest, ...given }
  return repeatable(inbox.workspace.sql, (tx) => addNote(tx, request, inbox.clock))
}
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.reason,
  )
const thread = async () => (await messagePage(inbox.workspace.sql, conversationId, { limit: 50 })).messages
async function present() {
  const [conversation] = await conversationsById(inbox.workspace.sql, [conversationId])
  if (!conversation) throw new Error('There is no such conversation')
  return conversation
}
const listOf = (agent: Agent) => ({
  workspaceId: agent.workspaceId,
  agentId: agent.id,
  reach: reachTo([inbox.workspace.channelId]),
})

test('a note stands in the thread where it was written, and is never sent', async () => {
  await inbox.send(conversationId, 'before')
  const written = await note('Careful, angry')
  await inbox.send(conversationId, 'after')
  expect((await thread()).map((message) => message.body)).toEqual(['Hi', 'before', 'Careful, angry', 'after'])
  expect(written).toMatchObject({ direction: 'note', type: 'note', wamid: null, agent: { name: 'Ana' } })
  const { sql } = inbox.workspace
  const [row] = await sql<{ lines: number }[]>`
    select count(*)::int as lines from outbox where message_id = ${written.id}`
  expect(row?.lines).toBe(0)
})

test('a note moves nothing of its conversation, and everybody who sees the channel is told of it', async () => {
  const before = await present()
  const written = await note('Between us')
  expect(await present()).toEqual(before)
  const told = (await inbox.events()).at(-1)
  expect(told).toMatchObject({
    type: 'message.added',
    message: { id: written.id },
    conversation: { version: before.version },
  })
})

test('whoever was about to answer without having seen the note is warned of it', async () => {
  const ben = await testAgent(inbox.workspace, 'Ben')
  const { sql, channelId } = inbox.workspace
  const [seen] = await sql<{ seq: string }[]>`select max(seq)::text as seq from events`
  await note('I have promised a refund', { agent: ben })
  const request = {
    agent: inbox.agent,
    reach: reachTo([channelId]),
    conversationId,
    clientMessageId: Bun.randomUUIDv7(),
    content: { kind: 'text' as const, text: 'No refund' },
    seenSeq: seen?.seq,
  }
  const [outcome] = await repeatable(sql, (tx) => sendMessages(tx, [request], inbox.clock))
  expect(outcome).toMatchObject({
    refused: { reason: 'COLLEAGUE_REPLIED', details: { messages: [{ body: 'I have promised a refund' }] } },
  })
  expect(outcome && 'refused' in outcome ? outcome.refused.message : '').toContain('Ben left a note')
})

test('the same note again is the same note, and its id can not become another message', async () => {
  const clientMessageId = Bun.randomUUIDv7()
  const [first, second] = await Promise.all([
    note('Once', { clientMessageId }),
    note('Once', { clientMessageId }),
  ])
  expect(second?.id).toBe(first?.id ?? '')
  expect((await thread()).filter((message) => message.direction === 'note')).toHaveLength(1)
  const ben = await testAgent(inbox.workspace, 'Ben')
  expect(await reasonOf(note('Mine', { clientMessageId, agent: ben }))).toBe('ID_TAKEN')
})

test('a mention calls a colleague until they have read it', async () => {
  const ben = await testAgent(inbox.workspace, 'Ben')
  const { sql, channelId } = inbox.workspace
  await note('@Ben, yours?', { mentionIds: [ben.id, ben.id] })
  await note('@Ben again', { mentionIds: [ben.id] })
  const counted = async () => (await countViews(sql, listOf(ben))).mentions
  expect(await counted()).toBe(1)
  const list = { ...listOf(ben), view: 'mentions' as const, filters: {}, sort: 'newest' as const }
  const shown = await conversationPage(sql, list, { limit: 10 }, inbox.clock)
  expect(shown.conversations.map((conversation) => conversation.id)).toEqual([conversationId])

  const pageOf = (onlyUnread: boolean) =>
    mentionPage(sql, { agentId: ben.id, reach: reachTo([channelId]) }, { limit: 1, onlyUnread })
  expect(await pageOf(true)).toMatchObject({
    mentions: [{ note: { body: '@Ben again' }, readAt: null, conversation: { id: conversationId } }],
    nextCursor: expect.any(String),
  })
  const read = { agent: ben, reach: reachTo([channelId]), conversationId }
  const markRead = () => repeatable(sql, (tx) => markMentionsRead(tx, read, inbox.clock))
  expect(await markRead()).toBe(2)
  expect(await markRead()).toBe(0)
  expect(await counted()).toBe(0)
  expect((await pageOf(true)).mentions).toEqual([])
  expect((await pageOf(false)).mentions).toHaveLength(1)
  const events = (await inbox.events()).filter((event) => event.type === 'mentions.read')
  expect(events).toEqual([{ type: 'mentions.read', conversationId, agentId: ben.id }])
})

test('nobody is mentioned who can not see the conversation, and nobody notes where they see nothing', async () => {
  const dan = await testAgent(inbox.workspace, 'Dan', { isInTeam: false })
  expect(await reasonOf(note('@Dan?', { mentionIds: [dan.id] }))).toBe('NOT_ASSIGNABLE')
  expect(await reasonOf(note('Hello', { agent: dan, reach: reachTo([]) }))).toBe('NOT_FOUND')
  expect((await thread()).map((message) => message.direction)).toEqual(['in'])
})

test('no two messages of a thread stand in one place, also when the customer’s clock is ahead', () => {
  const now = new Date('2026-03-01T12:00:00.500Z')
  const ahead = positionOf(new Date('2026-03-01T12:00:02Z'), `${now.getTime()}-0`, 0)
  for (const last of [positionOf(new Date(0), '1-0', 0), ahead]) {
    const first = notePosition(now, last)
    const second = notePosition(now, first)
    const sent = nextPosition(new Date(now.getTime() + 1), last)
    const order = [last, first, second, sent]
    expect(order.toSorted()).toEqual(order)
    expect([first, second]).not.toContain(nextPosition(now, last))
  }
})
