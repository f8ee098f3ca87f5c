import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { agentOf } from '../auth/agentOf.ts'
import type { Baton } from '../inbox/checkBaton.ts'
import { messagePage } from '../inbox/messagePage.ts'
import { scheduledById, waitingScheduled } from '../inbox/readScheduled.ts'
import { rescheduleMessage } from '../inbox/rescheduleMessage.ts'
import { scheduleMessage } from '../inbox/scheduleMessage.ts'
import { createSendDesk, type SendDesk } from '../inbox/sendDesk.ts'
import { claimScheduled } from '../inbox/settleScheduled.ts'
import { unscheduleMessage } from '../inbox/unscheduleMessage.ts'
import { createLog } from '../log.ts'
import { textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { testAgent } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { type SchedulingParts, sendScheduled } from './sendScheduled.ts'
import { workJobs } from './workJobs.ts'

const HOUR_MS = 3_600_000
const log = createLog({ level: 'silent', name: 'test' })
let inbox: TestOutbox
let conversationId: string
let phone: string
let customers = 0
beforeAll(async () => {
  inbox = await TestOutbox.open()
})
afterAll(() => inbox.close())
beforeEach(async () => {
  phone = `1650555${3000 + customers++}`
  conversationId = await inbox.openConversation(phone)
})

const bell = { ring: () => {}, listen: () => () => {}, close: () => {} }
const nobodyElse = async (): Promise<Baton> => ({ nobodyElseAtMs: performance.now() })
function parts(given: Partial<SchedulingParts> = {}): SchedulingParts {
  const { sql } = inbox.workspace
  const now = () => inbox.clock
  const send = createSendDesk(sql, now)
  return { sql, bell, log, now, send, agentOf: (id) => agentOf(sql, id), batonOf: nobodyElse, ...given }
}
const inHours = (hours: number) => new Date(inbox.clock.getTime() + hours * HOUR_MS)
function schedule(
  text: string,
  sendAt: Date,
  given: { clientMessageId?: string; quotedMessageId?: string } = {},
) {
  const reach = reachTo([inbox.workspace.channelId])
  const content = { kind: 'text' as const, text }
  const request = {
    agent: inbox.agent,
    reach,
    conversationId,
    clientMessageId: Bun.randomUUIDv7(),
    content,
  }
  return repeatable(inbox.workspace.sql, (tx) =>
    scheduleMessage(tx, { ...request, sendAt, ...given }, inbox.clock),
  )
}
const unschedule = (scheduledId: string, reach = reachTo([inbox.workspace.channelId])) =>
  repeatable(inbox.workspace.sql, (tx) =>
    unscheduleMessage(tx, { agent: inbox.agent, reach, scheduledId }, inbox.clock),
  )
const reschedule = (scheduledId: string, sendAt: Date | null) =>
  repeatable(inbox.workspace.sql, (tx) =>
    rescheduleMessage(
      tx,
      { agent: inbox.agent, reach: reachTo([inbox.workspace.channelId]), scheduledId, sendAt },
      inbox.clock,
    ),
  )
const dueIn = async (scheduledId: string) => {
  const [job] = await inbox.workspace.sql<{ seconds: number; jobs: number }[]>`
    select max(extract(epoch from start_after - now()))::float8 as seconds, count(*)::int as jobs from pgboss.job
    where name = 'message.send' and state = 'created' and data ->> 'scheduledId' = ${scheduledId}`
  return job
}
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.reason ?? error.message,
  )
const bodies = async () =>
  (await messagePage(inbox.workspace.sql, conversationId, { limit: 50 })).messages.map((one) => one.body)
const present = (id: string) => scheduledById(inbox.workspace.sql, id)

test('a scheduled message is sent at its time, in the name of whoever scheduled it, and not before', async () => {
  const { id, clientMessageId } = await schedule('Good morning', inHours(2))
  await expect(sendScheduled(parts(), id)).rejects.toThrow('not time yet')
  expect(await bodies()).toEqual(['Hi'])
  inbox.pass(2 * HOUR_MS)
  await sendScheduled(parts(), id)
  const { messages } = await messagePage(inbox.workspace.sql, conversationId, { limit: 50 })
  expect(messages.at(-1)).toMatchObject({
    body: 'Good morning',
    clientMessageId,
    status: 'queued',
    agent: { name: 'Ana' },
  })
  expect(await present(id)).toMatchObject({ state: 'sent', messageId: messages.at(-1)?.id })
  await sendScheduled(parts(), id)
  expect(await bodies()).toHaveLength(2)
  const told = (await inbox.events()).filter((event) => event.type === 'scheduled.changed')
  expect(told.filter((one) => one.scheduled.id === id).map((one) => one.scheduled.state)).toEqual([
    'scheduled',
    'sent',
  ])
})

test('one whose window has closed by then is refused, and the reason is kept until somebody puts it aside', async () => {
  const { id, isBeyondWindow } = await schedule('Still there?', inHours(30))
  expect(isBeyondWindow).toBe(true)
  inbox.pass(30 * HOUR_MS)
  await sendScheduled(parts(), id)
  expect(await present(id)).toMatchObject({
    state: 'refused',
    refusal: { reason: 'WINDOW_CLOSED' },
    messageId: null,
  })
  expect(await bodies()).toEqual(['Hi'])
  const of = { agentId: inbox.agent.id, conversationId, reach: reachTo([inbox.workspace.channelId]) }
  expect(await waitingScheduled(inbox.workspace.sql, of, 10)).toHaveLength(1)
  await unschedule(id)
  expect(await waitingScheduled(inbox.workspace.sql, of, 10)).toEqual([])
})

test('a customer who writes before opens the window for it', async () => {
  const { id } = await schedule('Still there?', inHours(30))
  inbox.pass(20 * HOUR_MS)
  await inbox.receive(textDelivery(`wamid.again.${phone}`, 'Yes?', phone, inbox.clock))
  expect((await present(id)).isBeyondWindow).toBe(false)
  inbox.pass(10 * HOUR_MS)
  await sendScheduled(parts(), id)
  expect(await bodies()).toEqual(['Hi', 'Yes?', 'Still there?'])
})

test('while a colleague holds the reply lock it waits, and can be called off', async () => {
  const { id } = await schedule('Me too', inHours(1))
  inbox.pass(HOUR_MS)
  const ben = await testAgent(inbox.workspace, 'Ben')
  const batonOf = async (): Promise<Baton> => ({ heldBy: { id: ben.id, name: 'Ben' }, expiresAt: '' })
  await expect(sendScheduled(parts({ batonOf }), id)).rejects.toThrow('colleague')
  expect(await bodies()).toEqual(['Hi'])
  expect((await present(id)).state).toBe('scheduled')
  await unschedule(id)
  await sendScheduled(parts(), id)
  expect(await bodies()).toEqual(['Hi'])
})

test('a process that dies between sending and writing it down sends nothing twice', async () => {
  const { id } = await schedule('Once', inHours(1))
  inbox.pass(HOUR_MS)
  const dies: SendDesk = async (request) => {
    await createSendDesk(inbox.workspace.sql, () => inbox.clock)(request)
    throw new Error('killed')
  }
  await expect(sendScheduled(parts({ send: dies }), id)).rejects.toThrow('killed')
  expect((await present(id)).state).toBe('sending')
  await sendScheduled(parts(), id)
  expect((await present(id)).state).toBe('sent')
  expect(await bodies()).toEqual(['Hi', 'Once'])
})

test('one that is under way can not be called off any more, nor one of another team', async () => {
  const { id } = await schedule('Now', inHours(1))
  expect(await reasonOf(unschedule(id, reachTo([])))).toBe('NOT_FOUND')
  expect(await claimScheduled(inbox.workspace.sql, id, inHours(1))).not.toBeNull()
  expect(await reasonOf(unschedule(id))).toBe('WRONG_STATE')
})

test('whoever is no member any more sends nothing', async () => {
  const { id } = await schedule('Bye', inHours(1))
  inbox.pass(HOUR_MS)
  await sendScheduled(parts({ agentOf: async () => null }), id)
  expect(await present(id)).toMatchObject({ state: 'refused', refusal: { reason: 'NOT_A_MEMBER' } })
})

test('what WhatsApp would refuse whatever the time is refused at once; the same request again is one', async () => {
  expect(await reasonOf(schedule('x'.repeat(5000), inHours(1)))).toBe('MESSAGE_TOO_LONG')
  expect(await reasonOf(schedule('past', inHours(0)))).toBe('INPUT_INVALID')
  expect(await reasonOf(schedule('quote', inHours(1), { quotedMessageId: Bun.randomUUIDv7() }))).toBe(
    'NOT_FOUND',
  )
  const clientMessageId = Bun.randomUUIDv7()
  const [first, second] = [
    await schedule('a', inHours(1), { clientMessageId }),
    await schedule('a', inHours(1), { clientMessageId }),
  ]
  expect(second.id).toBe(first.id)
  const [jobs] = await inbox.workspace.sql<{ count: number }[]>`
    select count(*)::int as count from pgboss.job where name = 'message.send' and data ->> 'scheduledId' = ${first.id}`
  expect(jobs?.count).toBe(1)
})

test('the queue runs it by itself', async () => {
  const { sql, databaseUrl } = inbox.workspace
  const { id } = await schedule('By itself', inHours(1))
  inbox.pass(HOUR_MS)
  await sql`update pgboss.job set start_after = now() where name = 'message.send' and data ->> 'scheduledId' = ${id}`
  const jobs = await workJobs(
    { databaseUrl, bell, log },
    { 'message.send': ({ scheduledId }) => sendScheduled(parts(), scheduledId) },
  )
  await eventually(async () => (await present(id)).state === 'sent', { withinMs: 30_000 })
  await jobs.stop()
})

test('one that is put off is not sent at its first time, has one job, and is sent at its new one', async () => {
  const { id } = await schedule('Later still', inHours(1))
  const { sendAt } = await reschedule(id, inHours(3))
  expect(sendAt).toBe(inHours(3).toISOString())
  expect((await dueIn(id))?.jobs).toBe(1)
  inbox.pass(HOUR_MS)
  await expect(sendScheduled(parts(), id)).rejects.toThrow('not time yet')
  inbox.pass(2 * HOUR_MS)
  await sendScheduled(parts(), id)
  expect(await bodies()).toEqual(['Hi', 'Later still'])
})

test('one that was refused can be tried again at once, and is sent once', async () => {
  const { id } = await schedule('Are you there?', inHours(30))
  inbox.pass(30 * HOUR_MS)
  await sendScheduled(parts(), id)
  expect(await present(id)).toMatchObject({ state: 'refused', refusal: { reason: 'WINDOW_CLOSED' } })
  await inbox.receive(textDelivery(`wamid.here.${phone}`, 'I am', phone, inbox.clock))
  expect(await reschedule(id, null)).toMatchObject({ state: 'scheduled', refusal: null })
  expect((await dueIn(id))?.seconds).toBeLessThanOrEqual(0)
  await sendScheduled(parts(), id)
  await sendScheduled(parts(), id)
  expect(await bodies()).toEqual(['Hi', 'I am', 'Are you there?'])
})

test('what is over, or for a moment that is over, can not be given another', async () => {
  const { id } = await schedule('Once', inHours(1))
  expect(await reasonOf(reschedule(id, inHours(-1)))).toBe('INPUT_INVALID')
  await unschedule(id)
  expect(await reasonOf(reschedule(id, inHours(2)))).toBe('WRONG_STATE')
})
