import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let ana: SignedIn
let dan: SignedIn

beforeAll(async () => {
  stack = await startStack()
  ;[ana, dan] = await Promise.all([signIn(stack.url, 'ana@demo.baton'), signIn(stack.url, 'dan@demo.baton')])
})
afterAll(async () => {
  await Promise.all([ana.close(), dan.close()])
  await stack.stop()
})

async function conversationWith(phone: string) {
  const { conversations } = await ana.trpc.conversations.list.query({})
  const conversation = conversations.find((one) => one.contact.phone === phone)
  if (!conversation) throw new Error(`There is no conversation with ${phone}`)
  return conversation
}

describe('the main job', () => {
  test('a signed webhook becomes a message in the thread and on the feed', async () => {
    const { cursor } = await ana.trpc.conversations.list.query({})
    const feed = ana.follow(cursor)
    expect((await post(stack.url, textDelivery('wamid.in.1', 'Is the sofa still there?'))).status).toBe(200)
    const item = await eventually(() =>
      feed.items.find(
        (one) =>
          one.type === 'event' &&
          one.event.type === 'message.added' &&
          one.event.message.wamid === 'wamid.in.1',
      ),
    )
    expect(item.seq).toBe(String(Number(cursor) + 1))
    const conversation = await conversationWith('16505551234')
    expect(conversation.lastMessage?.body).toBe('Is the sofa still there?')
    const { messages } = await ana.trpc.messages.list.query({ conversationId: conversation.id })
    expect(messages.at(-1)).toMatchObject({ wamid: 'wamid.in.1', direction: 'in', status: 'received' })
    feed.stop()
  })

  test('an answer reaches the customer once, and its ticks climb to read', async () => {
    const conversation = await conversationWith('16505551234')
    const feed = ana.follow()
    const send = {
      conversationId: conversation.id,
      clientMessageId: Bun.randomUUIDv7(),
      body: 'Yes, in both warehouses.',
    }
    const [first, second] = await Promise.all([
      ana.trpc.messages.send.mutate(send),
      ana.trpc.messages.send.mutate(send),
    ])
    expect(second.message.id).toBe(first.message.id)
    await eventually(async () => {
      const { messages } = await ana.trpc.messages.list.query({ conversationId: conversation.id })
      return messages.at(-1)?.status === 'read'
    })
    const received = stack.simulator.phones.log('16505551234').filter((row) => row.callbackData !== undefined)
    expect(received).toHaveLength(1)
    const statuses = await eventually(() => {
      const seen = feed.items.flatMap((one) =>
        one.type === 'event' && one.event.type === 'message.status' ? [one.event.status] : [],
      )
      return seen.at(-1) === 'read' && seen
    })
    expect(statuses).toEqual([...statuses].sort((a, b) => LADDER.indexOf(a) - LADDER.indexOf(b)))
    feed.stop()
  })

  test('an agent of another team sees nothing of it: not in lists, not by id, not on the feed', async () => {
    const conversation = await conversationWith('16505551234')
    expect((await ana.trpc.conversations.list.query({})).conversations.length).toBeGreaterThan(0)
    expect((await dan.trpc.conversations.list.query({})).conversations).toEqual([])
    const { id: conversationId } = conversation
    const attempts = await Promise.allSettled([
      dan.trpc.conversations.get.query({ conversationId }),
      dan.trpc.messages.list.query({ conversationId }),
      dan.trpc.messages.send.mutate({ conversationId, clientMessageId: Bun.randomUUIDv7(), body: 'x' }),
      dan.trpc.conversations.markRead.mutate({ conversationId }),
    ])
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({
        status: 'rejected',
        reason: { data: { code: 'NOT_FOUND', reason: 'NOT_FOUND' } },
      })
    }
    const { cursor } = await ana.trpc.conversations.list.query({})
    const [anas, dans] = [ana.follow(cursor), dan.follow(cursor)]
    await post(stack.url, textDelivery('wamid.in.2', 'Only for Support'))
    await eventually(() => anas.items.some((one) => one.type === 'event'))
    expect(dans.items).toEqual([])
    anas.stop()
    dans.stop()
  })

  test('a feed whose socket was dropped goes on without a gap and without a double', async () => {
    const { cursor } = await ana.trpc.conversations.list.query({})
    const feed = ana.follow(cursor)
    const wamids = Array.from({ length: 30 }, (_, index) => `wamid.drop.${index}`)
    for (const [index, wamid] of wamids.entries()) {
      await post(stack.url, textDelivery(wamid, `Number ${index}`))
      if (index % 10 === 5) ana.dropSocket()
    }
    const seen = () =>
      feed.items.flatMap((one) =>
        one.type === 'event' && one.event.type === 'message.added' ? [one.event.message.wamid] : [],
      )
    await eventually(() => seen().length >= wamids.length)
    // Consumers share the work, so events stand in the order of commits; the thread puts messages where they belong.
    expect(seen().toSorted()).toEqual(wamids.toSorted())
    const seqs = feed.items.map((one) => Number(one.seq))
    expect(seqs).toEqual(seqs.map((_, index) => Number(cursor) + 1 + index))
    const conversation = await conversationWith('16505551234')
    const { messages } = await ana.trpc.messages.list.query({ conversationId: conversation.id })
    expect(messages.flatMap((one) => one.wamid ?? []).filter((wamid) => wamids.includes(wamid))).toEqual(
      wamids,
    )
    feed.stop()
  })

  test('all is still there after the server was stopped and started', async () => {
    const before = await ana.trpc.conversations.list.query({})
    await stack.restartServer()
    const after = await ana.trpc.conversations.list.query({})
    expect(after).toEqual(before)
  })
})

const LADDER = ['queued', 'sending', 'unknown', 'sent', 'failed', 'delivered', 'read', 'played']
