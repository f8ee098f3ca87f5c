import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { wakeAtLast } from '../jobs/wakeAtLast.ts'
import { workJobs } from '../jobs/workJobs.ts'
import { createLog } from '../log.ts'
import { delivery, seconds, textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { testAgent } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import type { Agent } from './agent.ts'
import type { ConversationAction } from './decideWork.ts'
import { removeLabel, saveLabel } from './labels.ts'
import { conversationsById } from './readConversations.ts'
import { readTrail } from './readTrail.ts'
import { wakeConversation } from './wakeConversation.ts'
import { workOnConversations } from './workOnConversations.ts'

let inbox: TestOutbox
let conversationId: string
let customers = 0
beforeAll(async () => {
  inbox = await TestOutbox.open()
})
afterAll(() => inbox.close())
beforeEach(async () => {
  conversationId = await inbox.openConversation(`1650555${1000 + customers++}`)
})

async function decide(action: ConversationAction, ids = [conversationId], agent = inbox.agent) {
  const wanted = ids.map((id) => ({ conversationId: id, action }))
  const request = { agent, reach: reachTo([inbox.workspace.channelId]), wanted }
  return repeatable(inbox.workspace.sql, (tx) => workOnConversations(tx, request, inbox.clock))
}
async function decided(action: ConversationAction) {
  const [outcome] = await decide(action)
  if (!outcome || 'refused' in outcome) throw outcome?.refused ?? new Error('no outcome')
  return outcome
}
async function refusalOf(action: ConversationAction) {
  const [outcome] = await decide(action)
  return outcome && 'refused' in outcome ? outcome.refused.reason : null
}
async function present() {
  const [conversation] = await conversationsById(inbox.workspace.sql, [conversationId])
  if (!conversation) throw new Error('There is no such conversation')
  return conversation
}
const trail = async () => (await readTrail(inbox.workspace.sql, conversationId)).toReversed()
const eventsOfThis = async () =>
  (await inbox.events()).filter(
    (event) => event.type === 'conversation.changed' && event.conversation.id === conversationId,
  )
const phoneOf = async () => (await present()).contact.phone ?? ''
const write = async (at = inbox.clock) =>
  inbox.receive(textDelivery(`wamid.${Bun.randomUUIDv7()}`, 'Hello?', await phoneOf(), at))
const administrator = (): Agent => ({ ...inbox.agent, role: 'administrator' })

test('a conversation is given to an agent and a team, and the trail says by whom', async () => {
  const ben = await testAgent(inbox.workspace, 'Ben')
  const { teamId } = inbox.workspace
  const { before, conversation } = await decided({ kind: 'assign', assigneeId: ben.id, teamId })
  expect(before).toMatchObject({ assigneeId: null, teamId: null, status: 'open' })
  expect(conversation).toMatchObject({
    assignee: { id: ben.id, name: 'Ben' },
    team: { id: teamId, name: 'Support' },
  })
  expect(await trail()).toMatchObject([
    {
      action: 'conversation.assigned',
      actor: { id: inbox.agent.id },
      details: { from: { assigneeId: null }, to: { assigneeId: ben.id, teamId } },
    },
  ])
  expect((await eventsOfThis()).at(-1)).toMatchObject({ conversation: { version: conversation.version } })
})

test('what is left out of an assignment stays, and null takes it away', async () => {
  await decided({ kind: 'assign', assigneeId: inbox.agent.id })
  const { conversation } = await decided({ kind: 'assign', teamId: inbox.workspace.teamId })
  expect(conversation).toMatchObject({ assignee: { id: inbox.agent.id }, team: { name: 'Support' } })
  expect((await decided({ kind: 'assign', assigneeId: null })).conversation).toMatchObject({
    assignee: null,
    team: { name: 'Support' },
  })
})

test('nobody is given a conversation that they can not see, nor a team that does not answer the channel', async () => {
  const dan = await testAgent(inbox.workspace, 'Dan', { isInTeam: false })
  expect(await refusalOf({ kind: 'assign', assigneeId: dan.id })).toBe('NOT_ASSIGNABLE')
  const sales = Bun.randomUUIDv7()
  const { sql, workspaceId } = inbox.workspace
  await sql`insert into teams (id, workspace_id, name) values (${sales}, ${workspaceId}, 'Sales')`
  expect(await refusalOf({ kind: 'assign', teamId: sales })).toBe('NOT_ASSIGNABLE')
  const carla = await testAgent(inbox.workspace, 'Carla', { role: 'administrator', isInTeam: false })
  expect((await decided({ kind: 'assign', assigneeId: carla.id })).conversation.assignee?.name).toBe('Carla')
})

test('another team changes nothing, and does not learn that the conversation exists', async () => {
  const wanted = [{ conversationId, action: { kind: 'resolve' as const } }]
  const [outcome] = await repeatable(inbox.workspace.sql, (tx) =>
    workOnConversations(tx, { agent: inbox.agent, reach: reachTo([]), wanted }, inbox.clock),
  )
  expect(outcome).toMatchObject({ refused: { reason: 'NOT_FOUND' } })
  expect((await present()).status).toBe('open')
})

test('a decision that changes nothing makes no event and no line in the trail', async () => {
  await decided({ kind: 'resolve' })
  const { version } = await present()
  await decided({ kind: 'resolve' })
  expect((await present()).version).toBe(version)
  expect(await trail()).toHaveLength(1)
  expect(await eventsOfThis()).toHaveLength(1)
})

test('a resolved conversation opens again when the customer writes, not by a reaction', async () => {
  await decided({ kind: 'resolve' })
  const phone = await phoneOf()
  const reaction = { message_id: `wamid.${phone}`, emoji: '👍' }
  const head = { from: phone, id: `wamid.reaction.${phone}`, timestamp: seconds(inbox.clock) }
  await inbox.receive(delivery({ messages: [{ ...head, type: 'reaction', reaction }] }))
  expect((await present()).status).toBe('resolved')
  await write()
  expect(await present()).toMatchObject({ status: 'open', unreadCount: 2 })
  expect((await trail()).at(-1)).toMatchObject({
    action: 'conversation.reopened',
    actor: null,
    details: { from: 'resolved', by: 'customer' },
  })
  const added = (await inbox.events()).findLast((event) => event.type === 'message.added')
  expect(added).toMatchObject({ conversation: { id: conversationId, status: 'open' } })
  expect(added && 'conversation' in added && 'was' in added.conversation).toBe(false)
})

test('a snooze ends when the customer writes, and its job finds nothing to do', async () => {
  const until = new Date(inbox.clock.getTime() + 60_000)
  expect((await decided({ kind: 'snooze', until })).conversation).toMatchObject({
    status: 'snoozed',
    snoozedUntil: until.toISOString(),
  })
  await write()
  expect(await present()).toMatchObject({ status: 'open', snoozedUntil: null })
  const job = { conversationId, until: until.toISOString() }
  expect(await inbox.workspace.sql.begin((tx) => wakeConversation(tx, job, until))).toBeNull()
})

test('a snoozed conversation wakes when its time has come, and not by the job of an earlier snooze', async () => {
  const [first, second] = [60_000, 120_000].map((ms) => new Date(inbox.clock.getTime() + ms))
  if (!first || !second) throw new Error('no dates')
  await decided({ kind: 'snooze', until: first })
  await decided({ kind: 'snooze', until: second })
  const wake = (until: Date, now: Date) =>
    repeatable(inbox.workspace.sql, (tx) =>
      wakeConversation(tx, { conversationId, until: until.toISOString() }, now),
    )
  expect(await wake(first, second)).toBeNull()
  expect((await present()).status).toBe('snoozed')
  expect(await wake(second, first)).toBe('early')
  expect(await wake(second, second)).toEqual({ workspaceId: inbox.workspace.workspaceId })
  expect(await present()).toMatchObject({ status: 'open', snoozedUntil: null })
  expect((await trail()).at(-1)).toMatchObject({ action: 'conversation.reopened', actor: null })
})

test('the job at the end of a snooze runs by itself', async () => {
  const rings: string[] = []
  const bell = { ring: (topic: string) => void rings.push(topic), listen: () => () => {}, close: () => {} }
  const log = createLog({ level: 'silent', name: 'test' })
  const { sql, databaseUrl } = inbox.workspace
  await decided({ kind: 'snooze', until: new Date(inbox.clock.getTime() + 3_600_000) })
  const [job] = await sql<{ waitSeconds: number }[]>`
    select extract(epoch from start_after - now())::float8 as wait_seconds from pgboss.job
    where name = 'conversation.wake' and data ->> 'conversationId' = ${conversationId}`
  expect(job?.waitSeconds).toBeWithin(3000, 3700)
  const later = () => new Date(Date.now() + 2 * 3_600_000)
  await sql`update pgboss.job set start_after = now() where name = 'conversation.wake'`
  const jobs = await workJobs(
    { databaseUrl, bell, log },
    { 'conversation.wake': (wake) => wakeAtLast({ sql, bell, now: later }, wake) },
  )
  await eventually(async () => (await present()).status === 'open', { withinMs: 30_000 })
  await eventually(() => rings.includes('events'))
  await jobs.stop()
})

test('nothing is snoozed until a moment that is over', async () => {
  expect(await refusalOf({ kind: 'snooze', until: inbox.clock })).toBe('INPUT_INVALID')
})

test('labels are put on and taken off, and one that is removed marks nothing any more', async () => {
  const { sql } = inbox.workspace
  const save = (name: string) =>
    repeatable(sql, (tx) => saveLabel(tx, administrator(), { name, colour: 'teal' }))
  const [urgent, refund] = [await save('urgent'), await save('refund')]
  const { conversation } = await decided({
    kind: 'label',
    add: [urgent.id, refund.id, urgent.id],
    remove: [],
  })
  expect(conversation.labelIds).toEqual([urgent.id, refund.id])
  const { before } = await decided({ kind: 'label', add: [], remove: [urgent.id] })
  expect(before.labelIds).toEqual([urgent.id, refund.id])
  expect((await present()).labelIds).toEqual([refund.id])
  expect((await trail()).at(-1)).toMatchObject({
    action: 'conversation.labelled',
    details: { added: [], removed: [urgent.id] },
  })
  await repeatable(sql, (tx) => removeLabel(tx, administrator(), { labelId: urgent.id }))
  expect(await refusalOf({ kind: 'label', add: [urgent.id], remove: [] })).toBe('NOT_FOUND')
  const told = (await inbox.events()).findLast((event) => event.type === 'labels.changed')
  expect(told).toMatchObject({ labels: [{ id: refund.id, name: 'refund', colour: 'teal' }] })
})

test('two labels of one name can not be, and agents do not make any', async () => {
  const { sql } = inbox.workspace
  const save = (name: string, agent = administrator()) =>
    repeatable(sql, (tx) => saveLabel(tx, agent, { name, colour: 'red' })).catch((error) => error.reason)
  await save('Twice')
  expect(await save('twice')).toBe('NAME_TAKEN')
  expect(await save('mine', inbox.agent)).toBe('FORBIDDEN')
})

test('many at once are changed together, and what can not be changed costs the others nothing', async () => {
  const others = await Promise.all([
    inbox.openConversation('4915550100001'),
    inbox.openConversation('4915550100002'),
  ])
  const stranger = Bun.randomUUIDv7()
  const outcomes = await decide({ kind: 'resolve' }, [conversationId, stranger, ...others])
  expect(outcomes.map((one) => 'refused' in one)).toEqual([false, true, false, false])
  const after = await conversationsById(inbox.workspace.sql, [conversationId, ...others])
  expect(after.map((one) => one.status)).toEqual(['resolved', 'resolved', 'resolved'])
})

test('an undo puts back what was before, and calls nothing read that has come since', async () => {
  await decided({ kind: 'assign', assigneeId: inbox.agent.id })
  const { before } = await decided({ kind: 'snooze', until: null })
  await decided({ kind: 'markRead' })
  await write()
  await write()
  const { conversation } = await decided({ kind: 'restore', before })
  expect(conversation).toMatchObject({ status: 'open', assignee: { id: inbox.agent.id }, unreadCount: 2 })
})

test('the jobs of snoozes are kept until they are due', async () => {
  await decided({ kind: 'snooze', until: new Date(inbox.clock.getTime() + 300 * 24 * 3_600_000) })
  const [job] = await inbox.workspace.sql<{ keeps: boolean }[]>`
    select keep_until > start_after as keeps from pgboss.job
    where name = 'conversation.wake' and data ->> 'conversationId' = ${conversationId}`
  expect(job?.keeps).toBe(true)
})
