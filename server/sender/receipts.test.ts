import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { persist } from '../ingest/persist.ts'
import { createLog } from '../log.ts'
import { textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { MarkOutcome, ReadMark } from '../whatsapp/graphReceipts.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { createReceipts, type Receipts } from './receipts.ts'

const log = createLog({ level: 'silent', name: 'test' })
let workspace: TestWorkspace
let conversationId: string
let clock: Date
let told: ReadMark[]
let answers: MarkOutcome[]
let receipts: Receipts

beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`truncate messages, events, conversations, contacts, contact_identities cascade`
  clock = new Date()
  told = []
  answers = []
  receipts = newReceipts()
  await customerWrites('wamid.1')
  const [row] = await workspace.sql<{ id: string }[]>`select id from conversations`
  conversationId = row?.id ?? ''
})

const newReceipts = () =>
  createReceipts({
    sql: workspace.sql,
    markRead: async (mark) => {
      told.push(mark)
      return answers.shift() ?? { marked: true }
    },
    log,
    now: () => clock,
    retryWaitsMs: [1, 1],
  })

async function customerWrites(wamid: string) {
  const body = new TextEncoder().encode(JSON.stringify(textDelivery(wamid, wamid, undefined, clock)))
  const items = readDelivery(body, clock).map((item) => ({
    ...item,
    streamId: '1-0',
    receivedAt: clock,
    body,
  }))
  await persist(workspace.sql, items, () => clock)
}

const setting = (readReceipts: string) => workspace.sql`update channels set read_receipts = ${readReceipts}`
/** What was told by the time that everything asked for is done. */
async function after(...occasions: (keyof Omit<Receipts, 'close'>)[]) {
  for (const occasion of occasions) receipts[occasion](conversationId)
  await receipts.close()
  return told.map(({ wamid, isTyping }) => (isTyping ? `${wamid} typing` : wamid))
}

describe('the customer gets blue ticks', () => {
  test('when the conversation is opened, if the team says so, once for each message', async () => {
    await setting('when_opened')
    receipts.opened(conversationId)
    await eventually(() => told.length === 1)
    receipts.opened(conversationId)
    receipts.answered(conversationId)
    clock = new Date(clock.getTime() + 2000)
    await customerWrites('wamid.2')
    expect(await after('opened')).toEqual(['wamid.1', 'wamid.2'])
  })

  test('when it is answered and not before, if the team says so', async () => {
    await setting('when_answered')
    expect(await after('opened', 'showTyping')).toEqual([])
    receipts = newReceipts()
    expect(await after('answered')).toEqual(['wamid.1'])
  })

  test('never, if the team wants to look without saying so', async () => {
    await setting('never')
    expect(await after('opened', 'answered', 'showTyping')).toEqual([])
  })

  test('after a few tries when WhatsApp does not answer, and not again when it refuses', async () => {
    await setting('when_opened')
    answers = [{ failed: 'reset' }, { failed: 'reset' }]
    receipts.opened(conversationId)
    await eventually(() => told.length === 3)
    clock = new Date(clock.getTime() + 2000)
    await customerWrites('wamid.2')
    answers = [{ refused: { code: 131009, title: 'Unknown message', details: null } }]
    expect((await after('opened')).slice(3)).toEqual(['wamid.2'])
  })

  test('not for what is older than 30 days', async () => {
    await setting('when_opened')
    clock = new Date(clock.getTime() + 31 * 24 * 60 * 60 * 1000)
    expect(await after('opened')).toEqual([])
  })
})

describe('the typing bubble', () => {
  test('is shown once in twenty seconds', async () => {
    await setting('when_opened')
    receipts.showTyping(conversationId)
    receipts.showTyping(conversationId)
    clock = new Date(clock.getTime() + 19_000)
    receipts.showTyping(conversationId)
    clock = new Date(clock.getTime() + 2000)
    receipts.showTyping(conversationId)
    await eventually(() => told.length === 2)
    expect(await after()).toEqual(['wamid.1 typing', 'wamid.1 typing'])
  })

  test('is shown where ticks come with the answer only once they are there', async () => {
    await setting('when_answered')
    receipts.answered(conversationId)
    await eventually(() => told.length === 1)
    expect(await after('showTyping')).toEqual(['wamid.1', 'wamid.1 typing'])
  })
})
