import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { LEASE_MS } from '../sender/expire.ts'
import { eventually } from '../testing/eventually.ts'
import { graphThat, TestOutbox } from '../testing/testOutbox.ts'
import { reachTo } from '../testing/testReach.ts'
import type { GraphOutcome } from '../whatsapp/graph.ts'
import { cancelMessage } from './cancelMessage.ts'
import { DECIDE_AFTER_MS } from './climbAttempts.ts'
import { dismissMessage } from './dismissMessage.ts'
import { type Decision, resolveMessage } from './resolveMessage.ts'
import { retryMessage } from './retryMessage.ts'
import { troubledMessages } from './troubledMessages.ts'

let outbox: TestOutbox
let conversation: string
beforeEach(async () => {
  outbox = await TestOutbox.open()
  conversation = await outbox.openConversation()
})
afterEach(() => outbox.close())

const undeliverable: GraphOutcome = {
  refused: { code: 131026, title: 'Message undeliverable', details: null },
}
const asked = (messageId: string) => ({
  agent: outbox.agent,
  reach: reachTo([outbox.workspace.channelId]),
  messageId,
})
const retry = (id: string) =>
  repeatable(outbox.workspace.sql, (tx) => retryMessage(tx, asked(id), outbox.clock))
const dismiss = (id: string) =>
  repeatable(outbox.workspace.sql, (tx) => dismissMessage(tx, asked(id), outbox.clock))
const cancel = (id: string) => repeatable(outbox.workspace.sql, (tx) => cancelMessage(tx, asked(id)))
const resolve = (id: string, decision: Decision) =>
  repeatable(outbox.workspace.sql, (tx) => resolveMessage(tx, { ...asked(id), decision }, outbox.clock))
const reaches = (id: string, status: string) =>
  eventually(async () => (await outbox.message(id)).status === status)
const troubled = (page: { cursor?: string; limit?: number } = {}) => {
  const { sql, workspaceId, channelId } = outbox.workspace
  return troubledMessages(sql, { workspaceId, reach: reachTo([channelId]) }, { limit: 50, ...page })
}

/** A message that was tried once and ended so. */
async function attempted(outcome: GraphOutcome, status: string, body = 'Hello') {
  const { id } = await outbox.send(conversation, body)
  const graph = graphThat(() => outcome)
  await outbox.running(graph, () => reaches(id, status))
  return { id, attemptId: graph.reached[0]?.attemptId }
}

describe('a failed message', () => {
  test('that is tried again is really sent, as an attempt of its own', async () => {
    const { id, attemptId } = await attempted(undeliverable, 'failed')
    expect(await retry(id)).toMatchObject({ status: 'queued', attempt: 2, error: null })
    const graph = graphThat(() => ({ sent: 'wamid.second' }))
    await outbox.running(graph, () => reaches(id, 'sent'))
    expect(graph.texts()).toEqual(['Hello'])
    expect(graph.reached[0]?.attemptId).not.toBe(attemptId)
    expect(await outbox.message(id)).toMatchObject({ attempt: 2, wamid: 'wamid.second' })
  })

  test('goes before what still waits in its conversation', async () => {
    const { id } = await attempted(undeliverable, 'failed', 'first')
    await outbox.send(conversation, 'second')
    await retry(id)
    const graph = graphThat((_, count) => ({ sent: `wamid.${count}` }))
    await outbox.running(graph, () => eventually(async () => (await outbox.states()).join() === 'sent,sent'))
    expect(graph.texts()).toEqual(['first', 'second'])
  })

  test('of which an earlier attempt arrives after all shows that the customer has it twice', async () => {
    const { id, attemptId } = await attempted({ sent: 'wamid.first' }, 'sent')
    await outbox.status('wamid.first', 'failed', attemptId)
    await retry(id)
    const graph = graphThat(() => ({ sent: 'wamid.second' }))
    await outbox.running(graph, () => reaches(id, 'sent'))
    await outbox.status('wamid.first', 'delivered', attemptId)
    expect(await outbox.message(id)).toMatchObject({ status: 'sent', attempt: 2, wasDeliveredEarlier: true })
    const told = await outbox.events()
    expect(told.at(-1)).toMatchObject({ type: 'message.changed', message: { wasDeliveredEarlier: true } })
    await outbox.status('wamid.second', 'delivered', graph.reached[0]?.attemptId)
    expect(await outbox.message(id)).toMatchObject({ status: 'delivered', wasDeliveredEarlier: true })
  })

  test('is not tried again as free text when the window has closed', async () => {
    const { id } = await attempted(undeliverable, 'failed')
    outbox.pass(25 * 60 * 60_000)
    await expect(retry(id)).rejects.toMatchObject({ reason: 'WINDOW_CLOSED' })
  })

  test('leaves the list when it is put aside, and comes back when it fails once more', async () => {
    const { id } = await attempted(undeliverable, 'failed')
    expect((await troubled()).counts).toEqual({ failed: 1, unknown: 0 })
    expect((await dismiss(id)).dismissedAt).not.toBeNull()
    expect(await troubled()).toMatchObject({ messages: [], counts: { failed: 0, unknown: 0 } })
    await retry(id)
    await outbox.running(
      graphThat(() => undeliverable),
      () => reaches(id, 'failed'),
    )
    expect((await troubled()).messages).toMatchObject([{ message: { id, dismissedAt: null } }])
  })

  test('of a colleague out of reach does not exist', async () => {
    const { id } = await attempted(undeliverable, 'failed')
    const request = { ...asked(id), reach: reachTo([]) }
    const trial = repeatable(outbox.workspace.sql, (tx) => retryMessage(tx, request, outbox.clock))
    await expect(trial).rejects.toMatchObject({ reason: 'NOT_FOUND' })
  })
})

describe('a message in doubt', () => {
  const doubt = () => attempted({ unknown: 'The socket was closed' }, 'unknown')

  test('names the time at which somebody is to decide, and is not sent again before', async () => {
    const { id } = await doubt()
    const decideAt = new Date(outbox.clock.getTime() + DECIDE_AFTER_MS).toISOString()
    expect(await outbox.message(id)).toMatchObject({ decideAt })
    await expect(resolve(id, 'send_again')).rejects.toMatchObject({
      reason: 'WRONG_STATE',
      details: { decideAt },
    })
    const told = await outbox.events()
    expect(told.at(-1)).toMatchObject({ status: 'unknown', decideAt })
  })

  test('is sent again when an agent says so, once', async () => {
    const { id } = await doubt()
    outbox.pass(DECIDE_AFTER_MS)
    await resolve(id, 'send_again')
    const graph = graphThat(() => ({ sent: 'wamid.again' }))
    await outbox.running(graph, () => reaches(id, 'sent'))
    expect(graph.reached).toHaveLength(1)
    expect(await outbox.message(id)).toMatchObject({ attempt: 2, decideAt: null })
  })

  test('is not sent again when its status comes before the sender does', async () => {
    const { id, attemptId } = await doubt()
    outbox.pass(DECIDE_AFTER_MS)
    await resolve(id, 'send_again')
    await outbox.status('wamid.first', 'sent', attemptId)
    const graph = graphThat(() => ({ sent: 'wamid.again' }))
    await outbox.running(graph, async () => {})
    expect(graph.reached).toHaveLength(0)
    expect(await outbox.message(id)).toMatchObject({ status: 'sent', wamid: 'wamid.first' })
  })

  test('that an agent looks at again waits two minutes more', async () => {
    const { id } = await doubt()
    outbox.pass(DECIDE_AFTER_MS)
    const decideAt = new Date(outbox.clock.getTime() + DECIDE_AFTER_MS).toISOString()
    expect(await resolve(id, 'check')).toMatchObject({ status: 'unknown', decideAt })
  })

  test('that is left leaves the list, and a status still tells what became of it', async () => {
    const { id, attemptId } = await doubt()
    await resolve(id, 'leave')
    expect((await troubled()).counts).toEqual({ failed: 0, unknown: 0 })
    await outbox.status('wamid.first', 'delivered', attemptId)
    expect(await outbox.message(id)).toMatchObject({ status: 'delivered', dismissedAt: null })
  })

  test('does not hold up the next message of its conversation', async () => {
    await doubt()
    const { id } = await outbox.send(conversation, 'next')
    await outbox.running(
      graphThat(() => ({ sent: 'wamid.next' })),
      () => reaches(id, 'sent'),
    )
    expect(await outbox.states()).toEqual(['unknown', 'sent'])
  })
})

describe('a message that still waits', () => {
  test('can be called back, and is never sent', async () => {
    const { id } = await outbox.send(conversation, 'Hello')
    expect(await cancel(id)).toMatchObject({ status: 'cancelled' })
    const graph = graphThat(() => ({ sent: 'wamid.1' }))
    await outbox.running(graph, async () => {})
    expect(graph.reached).toHaveLength(0)
    expect((await outbox.events()).at(-1)).toMatchObject({ type: 'message.status', status: 'cancelled' })
  })

  test('can be called back while it waits for a repetition, and lets the next one go', async () => {
    const { id } = await outbox.send(conversation, 'first')
    await outbox.send(conversation, 'second')
    const busy: GraphOutcome = { refused: { code: 131056, title: 'Pair rate limit hit', details: null } }
    const graph = graphThat((_, count) => (count === 1 ? busy : { sent: `wamid.${count}` }))
    await outbox.running(graph, async () => {
      await eventually(async () => (await outbox.message(id)).retryAt !== null)
      expect(await cancel(id)).toMatchObject({ status: 'cancelled', retryAt: null })
      outbox.ring()
      await eventually(async () => (await outbox.states()).join() === 'cancelled,sent')
    })
    expect(graph.texts()).toEqual(['first', 'second'])
  })

  test('can not be called back once it has left', async () => {
    const { id } = await attempted({ sent: 'wamid.1' }, 'sent')
    await expect(cancel(id)).rejects.toMatchObject({ reason: 'WRONG_STATE' })
  })
})

test('the list of trouble comes in pages, newest first, with what a dead sender left', async () => {
  const ids: string[] = []
  for (const body of ['first', 'second', 'third'])
    ids.unshift((await attempted(undeliverable, 'failed', body)).id)
  await outbox.workspace.sql`
    update outbox set state = 'sending', claimed_at = ${outbox.clock} where message_id = ${ids[0] ?? ''}`
  await outbox.workspace
    .sql`update message_attempts set status = 'sending', status_rank = 1 where message_id = ${ids[0] ?? ''}`
  outbox.pass(LEASE_MS + 1)
  await outbox.running(
    graphThat(() => undeliverable),
    () => reaches(ids[0] ?? '', 'unknown'),
  )
  const first = await troubled({ limit: 2 })
  expect(first.counts).toEqual({ failed: 2, unknown: 1 })
  const second = await troubled({ limit: 2, cursor: first.nextCursor ?? '' })
  expect([...first.messages, ...second.messages].map(({ message }) => message.id)).toEqual(ids)
  expect(second.nextCursor).toBeNull()
})
