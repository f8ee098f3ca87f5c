import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import type { Agent } from '../inbox/agent.ts'
import { conversationsById } from '../inbox/readConversations.ts'
import { messagesById } from '../inbox/readMessages.ts'
import { createSendDesk } from '../inbox/sendDesk.ts'
import { persist } from '../ingest/persist.ts'
import { type Bell, createBell } from '../live/bell.ts'
import { createLog } from '../log.ts'
import { type Delivery, statusDelivery, textDelivery } from '../testing/delivery.ts'
import { eventsOf } from '../testing/eventsOf.ts'
import { eventually } from '../testing/eventually.ts'
import { noFiles } from '../testing/noFiles.ts'
import { oneSecret } from '../testing/oneSecret.ts'
import { reachTo } from '../testing/testReach.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Graph, GraphOutcome, OutgoingMessage } from '../whatsapp/graph.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { claim } from './claim.ts'
import { expireClaims, LEASE_MS } from './expire.ts'
import { createLimits } from './redisLimits.ts'
import { Sender, type SenderParts } from './sender.ts'
import { settle } from './settle.ts'

const log = createLog({ level: 'silent', name: 'test' })
let workspace: TestWorkspace
let bell: Bell
let redis: Redis
let subscriber: Redis
let clock: Date

beforeAll(async () => {
  const { url } = await testRedis()
  redis = new Redis(url)
  subscriber = new Redis(url)
  bell = createBell(redis, subscriber, log)
})
afterAll(() => {
  redis.disconnect()
  subscriber.disconnect()
})
beforeEach(async () => {
  await redis.flushdb()
  workspace = await testWorkspace()
  clock = new Date()
})
afterEach(() => workspace.drop())

async function receive(body: Delivery): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  const streamId = `${Date.now()}-0`
  const items = readDelivery(bytes, clock).map((item) => ({
    ...item,
    streamId,
    receivedAt: clock,
    body: bytes,
  }))
  await persist(workspace.sql, items, () => clock)
}

/** A conversation in which the customer has just written. */
async function openConversation(phone = '16505551234'): Promise<string> {
  await receive(textDelivery(`wamid.${phone}`, 'Hi', phone, clock))
  const [row] = await workspace.sql<{ id: string }[]>`
    select c.id from conversations c join contacts on contacts.id = c.contact_id where contacts.phone = ${phone}`
  return row?.id ?? ''
}

function send(conversationId: string, body: string) {
  const agent: Agent = {
    id: workspace.agentId,
    name: 'Ana',
    email: '',
    workspaceId: workspace.workspaceId,
    role: 'agent',
    teamIds: [],
  }
  const request = {
    agent,
    reach: reachTo([workspace.channelId]),
    conversationId,
    clientMessageId: Bun.randomUUIDv7(),
    content: { kind: 'text' as const, text: body },
  }
  return createSendDesk(workspace.sql, () => clock)(request)
}

/** A Graph API that answers as told and remembers what reached it. */
function graphThat(
  answer: (message: OutgoingMessage, count: number) => GraphOutcome | Promise<GraphOutcome>,
) {
  const reached: OutgoingMessage[] = []
  const graph: Graph = {
    async send(message) {
      reached.push(message)
      return answer(message, reached.length)
    },
  }
  return {
    graph,
    reached,
    texts: () => reached.map(({ content }) => (content.kind === 'text' ? content.text : '')),
  }
}

/** `time`: whose the limits go by, the hand-moved clock or Redis's own. */
function partsWith(graph: Graph, time: 'clock' | 'redis' = 'clock'): SenderParts {
  const limits = createLimits(redis, log, time === 'clock' ? () => clock : undefined)
  return {
    sql: workspace.sql,
    bell,
    graph,
    files: noFiles,
    limits,
    secrets: oneSecret('token'),
    log,
    now: () => clock,
  }
}

async function claimAll() {
  const rows = await workspace.sql<{ id: string }[]>`select id from outbox where state = 'queued'`
  return workspace.sql.begin((tx) =>
    claim(
      tx,
      rows.map((row) => row.id),
      clock,
    ),
  )
}

async function running<Result>(
  graph: Graph,
  during: () => Promise<Result>,
  time: 'clock' | 'redis' = 'clock',
): Promise<Result> {
  const leaving = new AbortController()
  const sender = new Sender(partsWith(graph, time)).run(leaving.signal)
  try {
    return await during()
  } finally {
    leaving.abort()
    await sender
  }
}

const states = async () =>
  (await workspace.sql<{ state: string }[]>`select state from outbox order by position`).map(
    (row) => row.state,
  )
const statusOf = async (messageId: string) =>
  (await workspace.sql<{ status: string }[]>`select status from messages where id = ${messageId}`)[0]?.status

describe('the sender', () => {
  test('sends each message once, in order within a conversation, however many senders there are', async () => {
    const phones = ['16505550001', '16505550002', '16505550003']
    const conversations = await Promise.all(phones.map(openConversation))
    const { graph, reached } = graphThat((_, count) => ({ sent: `wamid.sent.${count}` }))
    for (let index = 0; index < 20; index++) {
      for (const conversation of conversations) await send(conversation, `${index}`)
    }
    const allSent = () => eventually(async () => (await states()).every((state) => state === 'sent'))
    await running(graph, () => running(graph, allSent, 'redis'), 'redis')
    for (const phone of phones) {
      const texts = reached.flatMap(({ recipient, content }) =>
        'phone' in recipient && recipient.phone === phone && content.kind === 'text' ? [content.text] : [],
      )
      expect(texts).toEqual(Array.from({ length: 20 }, (_, index) => `${index}`))
    }
    expect(new Set(reached.map((message) => message.attemptId)).size).toBe(reached.length)
  })

  test('a message that is refused for now goes first when its time has come, and the next waits behind it', async () => {
    const conversation = await openConversation()
    await send(conversation, 'first')
    await send(conversation, 'second')
    const rateLimit = { refused: { code: 130429, title: 'Rate limit hit', details: null } }
    const { graph, texts } = graphThat((_, count) => (count === 1 ? rateLimit : { sent: `wamid.${count}` }))
    await running(graph, async () => {
      await eventually(
        async () =>
          (await workspace.sql`select 1 from outbox where state = 'queued' and attempts = 1`).length === 1,
      )
      expect(texts()).toEqual(['first'])
      clock = new Date(clock.getTime() + 10_000)
      bell.ring('outbox')
      await eventually(async () => (await states()).every((state) => state === 'sent'))
    })
    expect(texts()).toEqual(['first', 'first', 'second'])
    const attempts = await workspace.sql`
      select a.number, a.status from message_attempts a join messages m on m.id = a.message_id
      where m.body = 'first' order by a.number`
    expect([...attempts]).toEqual([
      { number: 1, status: 'failed' },
      { number: 2, status: 'sent' },
    ])
  })

  test('a message that is refused for good is failed with its reason, and the next one goes', async () => {
    const conversation = await openConversation()
    const first = await send(conversation, 'first')
    await send(conversation, 'second')
    const error = { code: 131026, title: 'Message undeliverable', details: null }
    const { graph } = graphThat((_, count) => (count === 1 ? { refused: error } : { sent: 'wamid.2' }))
    await running(graph, async () => {
      await eventually(async () => (await states()).join() === 'failed,sent')
    })
    const [row] = await workspace.sql`select status, error from messages where id = ${first.id}`
    expect(row).toEqual({ status: 'failed', error })
  })

  test('a request whose answer never came is unknown, is not sent again, and is resolved by a status', async () => {
    const message = await send(await openConversation(), 'Did it arrive?')
    const { graph, reached } = graphThat(() => ({ unknown: 'The socket was closed' }))
    await running(graph, async () => {
      await eventually(async () => (await statusOf(message.id)) === 'unknown')
      bell.ring('outbox')
      await receive(
        statusDelivery('wamid.it.did', 'delivered', { biz_opaque_callback_data: reached[0]?.attemptId }),
      )
      await eventually(async () => (await statusOf(message.id)) === 'delivered')
    })
    expect(reached).toHaveLength(1)
    expect(await states()).toEqual(['sent'])
    expect([...(await workspace.sql`select wamid from messages where id = ${message.id}`)]).toEqual([
      { wamid: 'wamid.it.did' },
    ])
  })

  test('a server that can not be reached keeps the message in line', async () => {
    const message = await send(await openConversation(), 'Later')
    const { graph } = graphThat((_, count) =>
      count === 1 ? { unreached: 'ECONNREFUSED' } : { sent: 'wamid.later' },
    )
    await running(graph, async () => {
      await eventually(
        async () =>
          (await workspace.sql`select 1 from outbox where state = 'queued' and due_at > ${clock}`).length ===
          1,
      )
      expect(await workspace.sql`select 1 from message_attempts`).toHaveLength(0)
      expect(await statusOf(message.id)).toBe('queued')
      clock = new Date(clock.getTime() + 10_000)
      bell.ring('outbox')
      await eventually(async () => (await statusOf(message.id)) === 'sent')
    })
  })

  test('what a dead sender had in hand becomes unknown, and is not sent again', async () => {
    const conversation = await openConversation()
    const first = await send(conversation, 'first')
    await send(conversation, 'second')
    await claimAll() // and then it dies
    clock = new Date(clock.getTime() + LEASE_MS + 1)
    const { graph, texts } = graphThat(() => ({ sent: 'wamid.second' }))
    await running(graph, async () => {
      await eventually(async () => (await states()).join() === 'unknown,sent')
    })
    expect(texts()).toEqual(['second'])
    expect(await statusOf(first.id)).toBe('unknown')
  })

  test('an answer that comes after the lease ran out still counts', async () => {
    const message = await send(await openConversation(), 'Slow')
    const [claimed] = await claimAll()
    if (!claimed) throw new Error('Nothing was claimed')
    const later = new Date(clock.getTime() + LEASE_MS + 1)
    await workspace.sql.begin((tx) => expireClaims(tx, later))
    expect(await statusOf(message.id)).toBe('unknown')
    await workspace.sql.begin((tx) => settle(tx, [{ claimed, outcome: { sent: 'wamid.slow' } }], later))
    expect(await statusOf(message.id)).toBe('sent')
    expect(await states()).toEqual(['sent'])
  })

  test('a stop waits for what is under way and leaves nothing in sending', async () => {
    const message = await send(await openConversation(), 'Under way')
    const answered = Promise.withResolvers<GraphOutcome>()
    const asked = Promise.withResolvers<void>()
    const { graph } = graphThat(() => {
      asked.resolve()
      return answered.promise
    })
    const leaving = new AbortController()
    const sender = new Sender(partsWith(graph)).run(leaving.signal)
    await asked.promise
    leaving.abort()
    answered.resolve({ sent: 'wamid.under.way' })
    await sender
    expect(await statusOf(message.id)).toBe('sent')
    expect(await states()).toEqual(['sent'])
  })

  test('a status that is faster than the answer of the request is not undone by it', async () => {
    const message = await send(await openConversation(), 'Fast')
    const { graph } = graphThat(async ({ attemptId }) => {
      await receive(statusDelivery('wamid.fast', 'read', { biz_opaque_callback_data: attemptId }))
      return { sent: 'wamid.fast' }
    })
    await running(graph, async () => {
      await eventually(async () => (await states()).join() === 'sent')
    })
    expect(await statusOf(message.id)).toBe('read')
  })
})

describe('sending', () => {
  test('is refused with WINDOW_CLOSED when the customer last wrote more than 24 hours ago', async () => {
    const conversation = await openConversation()
    clock = new Date(clock.getTime() + 24 * 60 * 60 * 1000 + 1000)
    await expect(send(conversation, 'Too late')).rejects.toMatchObject({ reason: 'WINDOW_CLOSED' })
  })

  test.each([
    ['nothing', '   ', 'MESSAGE_EMPTY'],
    ['more than WhatsApp takes', 'x'.repeat(4097), 'MESSAGE_TOO_LONG'],
  ])('%s is refused', async (_, body, reason) => {
    await expect(send(await openConversation(), body)).rejects.toMatchObject({ reason })
  })

  test('in a rush goes in batches, each request with an outcome of its own, in the order in which they came', async () => {
    const [first = '', second = ''] = await Promise.all(['16505550001', '16505550002'].map(openConversation))
    const agent: Agent = {
      id: workspace.agentId,
      name: 'Ana',
      email: '',
      workspaceId: workspace.workspaceId,
      role: 'agent',
      teamIds: [],
    }
    const ask = createSendDesk(workspace.sql, () => clock)
    const request = (conversationId: string, body: string, clientMessageId: string = Bun.randomUUIDv7()) =>
      ask({
        agent,
        reach: reachTo([workspace.channelId]),
        conversationId,
        clientMessageId,
        content: { kind: 'text', text: body },
      })
    const twice = Bun.randomUUIDv7()
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 150 }, (_, index) => request(index % 2 ? first : second, `${index}`)),
      request(first, ''),
      request(Bun.randomUUIDv7(), 'nowhere'),
      request(first, 'twice', twice),
      request(first, 'twice', twice),
      request(second, 'twice', twice),
    ])
    const reasons = outcomes.map((one) => (one.status === 'rejected' ? one.reason.reason : one.value.body))
    expect(reasons.slice(150)).toEqual(['MESSAGE_EMPTY', 'NOT_FOUND', 'twice', 'twice', 'ID_TAKEN'])
    const rows = await workspace.sql<{ body: string }[]>`
      select body from messages where conversation_id = ${first} and direction = 'out' order by position`
    expect(rows.map((row) => row.body)).toEqual([
      ...Array.from({ length: 75 }, (_, index) => `${index * 2 + 1}`),
      'twice',
    ])
    const [numbers] = await workspace.sql`select count(*)::int as events, max(seq)::int as last from events`
    expect(numbers).toEqual({ events: 153, last: 153 })
    expect(await workspace.sql`select 1 from outbox`).toHaveLength(151)
  })

  test('tells exactly what reading the message and its conversation says', async () => {
    const conversation = await openConversation()
    const message = await send(conversation, 'Hello')
    expect(await messagesById(workspace.sql, [message.id])).toEqual([message])
    const event = (await eventsOf(workspace.sql)).at(-1)
    if (event?.type !== 'message.added') throw new Error('The newest event is that of the message')
    expect(await conversationsById(workspace.sql, [conversation])).toEqual([event.conversation])
  })

  test('puts the answer below what it answers, also when the clock of the customer is ahead', async () => {
    const ahead = new Date(clock.getTime() + 60_000)
    await receive(textDelivery('wamid.ahead', 'From the future', '16505551234', ahead))
    const conversation = await openConversation()
    const message = await send(conversation, 'Answer')
    const [last] = await workspace.sql`select id from messages order by position desc limit 1`
    expect(last).toEqual({ id: message.id })
  })
})
