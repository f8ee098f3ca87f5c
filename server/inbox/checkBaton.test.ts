import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { messageSnapshot } from '../testing/messageSnapshot.ts'
import { testAgent, testConversation } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Agent } from './agent.ts'
import { type Baton, colleagueReplied } from './checkBaton.ts'
import { lastSeq } from './commitWithEvents.ts'
import { fencePlace, mintFence } from './mintFence.ts'
import { retryMessage } from './retryMessage.ts'
import { type SendRequest, sendMessages } from './sendMessages.ts'

let workspace: TestWorkspace
let ana: Agent
let ben: Agent
let conversationId: string

beforeAll(async () => {
  workspace = await testWorkspace()
  ;[ana, ben] = await Promise.all([testAgent(workspace, 'Ana'), testAgent(workspace, 'Ben')])
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  conversationId = await testConversation(workspace)
})

/** Gives the next fence to an agent, as a claim in Redis would have it. */
async function give(agent: Agent): Promise<number> {
  const place = await fencePlace(workspace.sql, workspace.workspaceId, conversationId)
  if (!place) throw new Error('There is no such conversation')
  const fence = await mintFence(workspace.sql, place, { holderId: agent.id, takenFrom: null })
  if (fence === null) throw new Error('Somebody else was given the fence')
  return fence
}

const request = (
  agent: Agent,
  { text = `From ${agent.name}`, ...more }: Partial<SendRequest> & { text?: string } = {},
): SendRequest => ({
  agent,
  reach: reachTo([workspace.channelId]),
  conversationId,
  clientMessageId: Bun.randomUUIDv7(),
  content: { kind: 'text', text },
  ...more,
})
async function send(...requests: SendRequest[]) {
  const outcomes = await repeatable(workspace.sql, (tx) => sendMessages(tx, requests, new Date()))
  return outcomes.map((one) => ('refused' in one ? one.refused : one.message))
}
const written = async () => {
  const rows = await workspace.sql<{ body: string }[]>`
    select body from messages where conversation_id = ${conversationId} order by position`
  return rows.map((row) => row.body)
}
const holding = (fence: number): Baton => ({ fence })
const nobodyElse = (): Baton => ({ nobodyElseAtMs: performance.now() })
const cursor = () => lastSeq(workspace.sql, workspace.workspaceId)
const lockWasClaimed = (secondsAgo: number) => workspace.sql`
  update conversation_locks set claimed_at = now() - ${secondsAgo} * interval '1 second'
  where conversation_id = ${conversationId}`

describe('a send', () => {
  test('with the current fence is written, and one with an older fence is not', async () => {
    const old = await give(ana)
    expect((await send(request(ana, { baton: holding(old) })))[0]).toMatchObject({ body: 'From Ana' })
    await give(ben)
    expect((await send(request(ana, { baton: holding(old) })))[0]).toMatchObject({
      reason: 'LOCK_LOST',
      details: { holder: { id: ben.id, name: 'Ben' } },
    })
    expect(await written()).toEqual(['From Ana'])
  })

  test('with the current fence of somebody else is refused: a number is not a baton', async () => {
    const fence = await give(ana)
    expect((await send(request(ben, { baton: holding(fence) })))[0]).toMatchObject({ reason: 'LOCK_LOST' })
    expect(await written()).toEqual([])
  })

  test('with a fence that was never given out is refused', async () => {
    expect((await send(request(ana, { baton: holding(1) })))[0]).toMatchObject({
      reason: 'LOCK_LOST',
      details: { holder: null },
    })
    const fence = await give(ana)
    expect((await send(request(ana, { baton: holding(fence + 1) })))[0]).toMatchObject({
      reason: 'LOCK_LOST',
    })
  })

  test('without a fence is written when nobody else holds the lock', async () => {
    expect((await send(request(ana, { baton: nobodyElse() })))[0]).toMatchObject({ body: 'From Ana' })
    await give(ben)
    await lockWasClaimed(60) // and let it run out: Redis alone knows
    expect((await send(request(ana, { baton: nobodyElse() })))[0]).toMatchObject({ body: 'From Ana' })
    await give(ana)
    expect((await send(request(ana, { baton: nobodyElse() })))[0]).toMatchObject({ body: 'From Ana' })
  })

  test('without a fence is refused when a colleague claimed the lock since it was looked at', async () => {
    const baton = nobodyElse()
    await give(ben)
    expect((await send(request(ana, { baton })))[0]).toMatchObject({
      reason: 'LOCKED',
      details: { holder: { name: 'Ben' } },
    })
  })

  test('while somebody else is known to hold the lock is refused with their name, and until when', async () => {
    const expiresAt = new Date(Date.now() + 20_000).toISOString()
    const baton: Baton = { heldBy: { id: ben.id, name: 'Ben' }, expiresAt }
    expect((await send(request(ana, { baton })))[0]).toMatchObject({
      reason: 'LOCKED',
      details: { holder: { id: ben.id, name: 'Ben' }, expiresAt },
    })
    expect(await written()).toEqual([])
  })

  test('without a fence, while Redis is away, is refused as long as a fresh lock may live', async () => {
    const baton: Baton = { nobodyElseAtMs: null }
    await give(ben)
    await lockWasClaimed(20)
    expect((await send(request(ana, { baton })))[0]).toMatchObject({ reason: 'LOCKED' })
    await lockWasClaimed(31)
    expect((await send(request(ana, { baton })))[0]).toMatchObject({ body: 'From Ana' })
  })

  test('that is repeated after the lock was lost gives the message that was written', async () => {
    const fence = await give(ana)
    const first = request(ana, { baton: holding(fence) })
    const [message] = await send(first)
    await give(ben)
    expect((await send(first))[0]).toMatchObject({ id: message && 'id' in message ? message.id : '' })
    expect(await written()).toHaveLength(1)
  })

  test('that failed is tried again only by whose turn it is', async () => {
    const fence = await give(ana)
    const [message] = await send(request(ana, { baton: holding(fence) }))
    const messageId = message && 'id' in message ? message.id : ''
    await workspace.sql`update messages set status = 'failed' where id = ${messageId}`
    await workspace.sql`update outbox set state = 'failed' where message_id = ${messageId}`
    await give(ben)
    const again = { agent: ana, reach: reachTo([workspace.channelId]), messageId }
    const retry = (baton: Baton) =>
      repeatable(workspace.sql, (tx) => retryMessage(tx, { ...again, baton }, new Date()))
    await expect(retry(holding(fence))).rejects.toMatchObject({ reason: 'LOCK_LOST' })
    expect(await retry(holding(await give(ana)))).toMatchObject({ id: messageId, status: 'queued' })
  })

  test('waits for a takeover that is being committed, and then is refused', async () => {
    const fence = await give(ana)
    const place = await fencePlace(workspace.sql, workspace.workspaceId, conversationId)
    if (!place) throw new Error('There is no such conversation')
    let sent: Promise<Awaited<ReturnType<typeof send>>> | null = null
    await workspace.sql.begin(async (tx) => {
      await mintFence(tx, place, { holderId: ben.id, takenFrom: null })
      sent = send(request(ana, { baton: holding(fence) }))
      await waitsForLock(tx)
    })
    expect((await sent) ?? []).toMatchObject([{ reason: 'LOCK_LOST' }])
  })
})

describe('the send guard', () => {
  test('stops an answer to a thread in which a colleague has answered meanwhile, and shows what was said', async () => {
    const seenSeq = await cursor()
    await send(request(ben, { text: 'It is on its way.' }))
    const mine = request(ana, { seenSeq })
    expect((await send(mine))[0]).toMatchObject({
      reason: 'COLLEAGUE_REPLIED',
      details: { messages: [{ body: 'It is on its way.', agent: { name: 'Ben' } }] },
    })
    expect((await send({ ...mine, seenSeq: await cursor() }))[0]).toMatchObject({ body: 'From Ana' })
    expect(await written()).toEqual(['It is on its way.', 'From Ana'])
  })

  test("is not alarmed by one's own answers, by other conversations, or when nothing was seen", async () => {
    const seenSeq = await cursor()
    await send(request(ana, { text: 'one' }))
    const elsewhere = await testConversation(workspace)
    await send(request(ben, { conversationId: elsewhere }))
    expect((await send(request(ana, { text: 'two', seenSeq })))[0]).toMatchObject({ body: 'two' })
    expect((await send(request(ben, { text: 'three' })))[0]).toMatchObject({ body: 'three' })
  })

  test('lets one of two through who press send at the same instant', async () => {
    const seenSeq = await cursor()
    const [first, second] = await send(request(ana, { seenSeq }), request(ben, { seenSeq }))
    expect(first).toMatchObject({ body: 'From Ana' })
    expect(second).toMatchObject({
      reason: 'COLLEAGUE_REPLIED',
      details: { messages: [{ body: 'From Ana' }] },
    })
    const apart = await Promise.all([
      send(request(ana, { seenSeq: await cursor() })),
      send(request(ben, { seenSeq: await cursor() })),
    ])
    const reasons = apart.flat().map((one) => ('reason' in one ? one.reason : 'written'))
    expect(reasons.toSorted()).toEqual(['COLLEAGUE_REPLIED', 'written'])
  })

  test('judges each of a batch by itself', async () => {
    const seenSeq = await cursor()
    await send(request(ben))
    const elsewhere = await testConversation(workspace)
    const outcomes = await send(
      request(ana, { seenSeq }),
      request(ana, { seenSeq, conversationId: elsewhere }),
      request(ana, { seenSeq: await cursor() }),
    )
    expect(outcomes.map((one) => ('reason' in one ? one.reason : one.body))).toEqual([
      'COLLEAGUE_REPLIED',
      'From Ana',
      'From Ana',
    ])
  })
})

/** Resolves when another connection waits for a lock that this transaction holds. */
async function waitsForLock(tx: Parameters<Parameters<TestWorkspace['sql']['begin']>[1]>[0]): Promise<void> {
  for (;;) {
    const [row] = await tx<{ count: number }[]>`
      select count(*)::int as count from pg_stat_activity
      where datname = current_database() and pg_backend_pid() = any(pg_blocking_pids(pid))`
    if (row?.count) return
  }
}

describe('what the guard says', () => {
  const said = (name: string | null, direction: 'out' | 'note') =>
    messageSnapshot({ direction, agent: name === null ? null : { id: name, name } })
  const sentenceOf = (...messages: ReturnType<typeof said>[]) => colleagueReplied(messages, '7').message

  test('names everybody who said something, once', () => {
    const sentence = sentenceOf(said('Ben', 'out'), said('Carla', 'out'), said('Ben', 'out'))
    expect(sentence).toStartWith('Ben and Carla answered while')
    expect(sentenceOf(said(null, 'out'))).toStartWith('A colleague answered while')
  })

  test('tells notes from answers', () => {
    expect(sentenceOf(said('Ben', 'note'), said('Ben', 'note'))).toStartWith('Ben left a note while')
    expect(sentenceOf(said('Ben', 'note'), said('Ben', 'out'))).toStartWith('Ben answered while')
  })
})
