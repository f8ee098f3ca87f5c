import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type SignedIn, signIn, type Watching } from './client.ts'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let second: Awaited<ReturnType<Stack['startAnother']>>
let ana: SignedIn
let ben: SignedIn
let dan: SignedIn
let conversationId: string
let phones = 0

beforeAll(async () => {
  stack = await startStack()
  second = await stack.startAnother()
  ;[ana, ben, dan] = await Promise.all([
    signIn(stack.url, 'ana@demo.baton'),
    signIn(second.url, 'ben@demo.baton'),
    signIn(second.url, 'dan@demo.baton'),
  ])
})
afterAll(async () => {
  await Promise.all([ana.close(), ben.close(), dan.close()])
  await second.stop()
  await stack.stop()
})
beforeEach(async () => {
  const phone = `1650555${String(2000 + phones++)}`
  await post(stack.url, textDelivery(`wamid.${phone}`, 'Is anybody there?', phone))
  const found = await eventually(async () => {
    const { conversations } = await ana.trpc.conversations.list.query({})
    return conversations.find((one) => one.contact.phone === phone)
  })
  conversationId = found.id
})

const tab = () => Bun.randomUUIDv7()
const answer = (body: string) => ({ conversationId, clientMessageId: Bun.randomUUIDv7(), body })
const thread = async () => {
  const { messages } = await ana.trpc.messages.list.query({ conversationId })
  return messages.flatMap((message) => (message.direction === 'out' ? [message.body] : []))
}
const cursor = async () => (await ana.trpc.conversations.list.query({})).cursor
const lastLock = ({ items }: Watching) =>
  items.findLast((item) => item.type === 'lock' && item.conversationId === conversationId)
const refusedWith = (reason: string) => ({ data: { reason } })

describe('on two servers over one Redis and one Postgres', () => {
  test('a conversation is locked, taken over, and answered by one agent at a time', async () => {
    const [anas, bens] = [ana.watch(), ben.watch()]
    await eventually(() => anas.items.length > 0 && bens.items.length > 0)
    const mine = { conversationId, tabId: tab() }
    const { lock } = await ana.trpc.locks.acquire.mutate(mine)
    expect(lock.holder.name).toBe('Ana')
    const seen = await eventually(() => lastLock(bens))
    expect(seen).toMatchObject({ change: 'acquired', lock: { fence: lock.fence, holder: lock.holder } })
    await expect(ben.trpc.locks.acquire.mutate({ conversationId, tabId: tab() })).rejects.toMatchObject({
      data: { code: 'CONFLICT', reason: 'LOCKED', details: { holder: { name: 'Ana' } } },
    })
    await expect(ben.trpc.messages.send.mutate(answer('Without the baton'))).rejects.toMatchObject({
      data: { reason: 'LOCKED', details: { holder: { name: 'Ana' }, expiresAt: expect.any(String) } },
    })
    await ana.trpc.messages.send.mutate({ ...answer('Ana: yes'), lock: lock.fence })

    const taken = await ben.trpc.locks.takeover.mutate({ conversationId, tabId: tab() })
    const lost = await eventually(() => {
      const item = lastLock(anas)
      return item?.type === 'lock' && item.change === 'taken_over' && item
    })
    expect(lost).toMatchObject({ lock: { holder: { name: 'Ben' } }, previous: { name: 'Ana' } })
    await expect(
      ana.trpc.messages.send.mutate({ ...answer('Too late'), lock: lock.fence }),
    ).rejects.toMatchObject({ data: { reason: 'LOCK_LOST', details: { holder: { name: 'Ben' } } } })
    await expect(ana.trpc.locks.heartbeat.mutate({ ...mine, fence: lock.fence })).rejects.toMatchObject(
      refusedWith('LOCK_LOST'),
    )
    await ana.trpc.locks.handOver.mutate({ conversationId, text: 'Too late' })
    await eventually(() => bens.items.some((item) => item.type === 'draft' && item.text === 'Too late'))
    await ben.trpc.messages.send.mutate({ ...answer('Ben: yes'), lock: taken.lock.fence })
    expect(await thread()).toEqual(['Ana: yes', 'Ben: yes'])
    const { entries } = await ana.trpc.conversations.trail.query({ conversationId })
    expect(entries).toMatchObject([{ action: 'lock.taken_over', actor: { name: 'Ben' } }])
    anas.stop()
    bens.stop()
  })

  test('who presses send without having seen the colleague is shown what they said, and can send anyway', async () => {
    const seenSeq = await cursor()
    await ben.trpc.messages.send.mutate(answer('Ben was faster'))
    const mine = { ...answer('Ana too'), seenSeq }
    await expect(ana.trpc.messages.send.mutate(mine)).rejects.toMatchObject({
      data: { reason: 'COLLEAGUE_REPLIED', details: { messages: [{ body: 'Ben was faster' }] } },
    })
    await ana.trpc.messages.send.mutate({ ...mine, seenSeq: await cursor() })
    expect(await thread()).toEqual(['Ben was faster', 'Ana too'])
  })

  test('one sees the other come, type and go', async () => {
    const bens = ben.watch()
    const tabId = tab()
    const anas = ana.watch(tabId)
    await eventually(() => bens.items.length > 0 && anas.items.length > 0)
    await ana.trpc.presence.join.mutate({ tabId, conversationId, isAway: false })
    await eventually(() => bens.items.some((item) => item.type === 'viewers' && item.agents.length === 1))
    await ana.trpc.presence.typing.mutate({ tabId, conversationId, isTyping: true })
    const typing = () => bens.items.findLast((item) => item.type === 'typing')
    await eventually(() => typing()?.agents[0]?.name === 'Ana')
    await ana.trpc.messages.send.mutate(answer('Done typing'))
    await eventually(() => typing()?.agents.length === 0)
    anas.stop()
    const left = () => bens.items.findLast((item) => item.type === 'agent' && item.agent.name === 'Ana')
    await eventually(() => left()?.type === 'agent' && left(), { withinMs: 6000 })
    await eventually(
      () => {
        const item = left()
        return item?.type === 'agent' && item.state === 'offline'
      },
      { withinMs: 6000 },
    )
    bens.stop()
  })

  test('what one writes stands on the feed of the other, in one order', async () => {
    const from = await cursor()
    const feeds = [ana.follow(from), ben.follow(from)]
    for (let round = 0; round < 5; round++) {
      await ana.trpc.messages.send.mutate(answer(`Ana ${round}`))
      await ben.trpc.messages.send.mutate(answer(`Ben ${round}`))
    }
    const bodies = (items: (typeof feeds)[number]['items']) =>
      items.flatMap((item) =>
        item.type === 'event' && item.event.type === 'message.added' ? [item.event.message.body] : [],
      )
    await eventually(() => feeds.every((feed) => bodies(feed.items).length === 10))
    expect(bodies(feeds[0]?.items ?? [])).toEqual(bodies(feeds[1]?.items ?? []))
    for (const feed of feeds) feed.stop()
  })
})

describe('the REST routes', () => {
  const path = (verb: string) => `/api/v1/conversations/${conversationId}/${verb}`
  const answered = z.looseObject({ fence: z.number().optional(), reason: z.string().optional() })
  const read = async (response: Response | Promise<Response>) => answered.parse(await (await response).json())

  test('lock, renew, take over and give back, with the answers of the contract', async () => {
    const lock = await ana.post(path('lock'))
    expect(lock.status).toBe(200)
    const held = await read(lock)
    expect(held).toEqual({
      conversationId,
      holder: { id: expect.any(String), name: 'Ana' },
      fence: expect.any(Number),
      expiresAt: expect.any(String),
    })
    const renewed = await ana.post(path('heartbeat'), { fence: held.fence })
    expect([renewed.status, (await read(renewed)).fence]).toEqual([200, held.fence])
    const locked = await ben.post(path('lock'))
    expect([locked.status, await read(locked)]).toMatchObject([
      409,
      { reason: 'LOCKED', holder: { name: 'Ana' }, expiresAt: expect.any(String) },
    ])
    const taken = await ben.post(path('takeover'))
    expect([taken.status, (await read(taken)).fence]).toEqual([200, Number(held.fence) + 1])
    const lost = await ana.post(path('heartbeat'))
    expect([lost.status, await read(lost)]).toMatchObject([
      409,
      { reason: 'LOCK_LOST', holder: { name: 'Ben' } },
    ])
    const given = await ben.post(path('unlock'))
    expect([given.status, await given.text()]).toEqual([204, ''])
    const again = await ana.post(path('lock'))
    expect([again.status, (await read(again)).fence]).toEqual([200, Number(held.fence) + 2])
    await ana.post(path('unlock'))
  })

  test('are the same locks as those of tRPC, and refuse alike', async () => {
    const tabId = tab()
    const held = await read(ana.post(path('lock'), { tabId }))
    const shared = await ana.trpc.locks.acquire.mutate({ conversationId, tabId: tab() })
    expect(held.fence).toBe(shared.lock.fence)
    for (const verb of ['lock', 'heartbeat', 'unlock', 'takeover']) {
      const refused = await dan.post(path(verb))
      expect([refused.status, (await read(refused)).reason]).toEqual([404, 'NOT_FOUND'])
    }
    await expect(dan.trpc.locks.takeover.mutate({ conversationId, tabId })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND', reason: 'NOT_FOUND' },
    })
    expect((await fetch(`${stack.url}${path('lock')}`, { method: 'POST' })).status).toBe(401)
    expect((await ana.post('/api/v1/conversations/none/lock')).status).toBe(404)
    expect((await ana.post(path('lock'), { tabId: 'mine' })).status).toBe(400)
  })

  test('a page that is closed leaves with a beacon, and its lock ends soon after', async () => {
    const tabId = tab()
    await ana.trpc.locks.acquire.mutate({ conversationId, tabId })
    expect((await ana.post(path('leave'), { tabId })).status).toBe(204)
    const { lock } = await eventually(() => ben.trpc.locks.acquire.mutate({ conversationId, tabId: tab() }), {
      withinMs: 6000,
    })
    expect(lock.holder.name).toBe('Ben')
  })
})
