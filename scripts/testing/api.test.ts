import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { type BatonClient, batonError, createBatonClient, type FeedItem } from '../../server/client/index.ts'
import { post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { root } from '../install.ts'
import { apiKeyFor } from './apiKey.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let carla: SignedIn
let anasKey: string
let ana: BatonClient

beforeAll(async () => {
  stack = await startStack()
  carla = await signIn(stack.url, 'carla@demo.baton')
  anasKey = await apiKeyFor(stack.databaseUrl, 'ana@demo.baton', ['read', 'write'])
  ana = clientWith(anasKey)
  await post(stack.url, textDelivery('wamid.api.first', 'Is the sofa still there?'))
  await eventually(async () => (await newest()).lastMessage?.body === 'Is the sofa still there?')
})
afterAll(async () => {
  await carla?.close()
  await stack?.stop()
})

const clientWith = (apiKey: string) => createBatonClient({ url: stack.url, apiKey })
const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => null,
    (error) => batonError(error),
  )

async function newest() {
  const { conversations } = await ana.conversations.list.query({})
  const [conversation] = conversations
  if (!conversation) throw new Error('There is no conversation')
  return conversation
}

function rest(path: string, key: string | null, init: RequestInit = {}) {
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` }
  return fetch(`${stack.url}${path}`, { ...init, headers: { ...authorization, ...init.headers } })
}

function follow(client: BatonClient, cursor: string) {
  const items: FeedItem[] = []
  const reasons: string[] = []
  const subscription = client.live.feed.subscribe(
    { lastEventId: cursor },
    {
      onData: ({ data }) => items.push(data),
      onError: (error) => reasons.push(batonError(error).reason),
    },
  )
  const wamids = () =>
    items.flatMap((one) =>
      one.type === 'event' && one.event.type === 'message.added' ? [one.event.message.wamid] : [],
    )
  return { items, reasons, wamids, stop: () => subscription.unsubscribe() }
}

describe('a program with an API key', () => {
  test('sees what its agent sees, and answers as that agent', async () => {
    expect((await ana.auth.me.query()).agent).toMatchObject({ name: 'Ana', role: 'agent' })
    const { id: conversationId } = await newest()
    const send = { conversationId, clientMessageId: crypto.randomUUID(), body: 'From the shop system' }
    const { message } = await ana.messages.send.mutate(send)
    expect(message).toMatchObject({ agent: { name: 'Ana' }, body: 'From the shop system' })
    const dan = clientWith(await apiKeyFor(stack.databaseUrl, 'dan@demo.baton', ['read', 'write']))
    expect((await dan.conversations.list.query({})).conversations).toEqual([])
    const looked = await refusalOf(dan.conversations.get.query({ conversationId }))
    expect(looked?.reason).toBe('NOT_FOUND')
  })

  test('may no more than its scopes, though its agent might', async () => {
    const reader = clientWith(await apiKeyFor(stack.databaseUrl, 'carla@demo.baton', ['read']))
    const { conversations } = await reader.conversations.list.query({})
    const conversationId = conversations[0]?.id ?? ''
    expect(await refusalOf(reader.conversations.markRead.mutate({ conversationId }))).toMatchObject({
      reason: 'SCOPE_MISSING',
      details: { scope: 'write' },
    })
    expect((await refusalOf(reader.deadLetters.list.query({})))?.details).toEqual({ scope: 'admin' })
    const writer = clientWith(await apiKeyFor(stack.databaseUrl, 'carla@demo.baton', ['write']))
    expect((await refusalOf(writer.conversations.list.query({})))?.details).toEqual({ scope: 'read' })
    expect(await refusalOf(writer.conversations.markRead.mutate({ conversationId }))).toBeNull()
    const administering = clientWith(await apiKeyFor(stack.databaseUrl, 'ana@demo.baton', ['admin']))
    expect((await refusalOf(administering.deadLetters.list.query({})))?.reason).toBe('FORBIDDEN')
  })

  test('that is unknown is told so, also on a stream, and does not come back by itself', async () => {
    const stranger = clientWith(`baton_${'0'.repeat(64)}`)
    expect(await refusalOf(stranger.auth.me.query())).toMatchObject({
      reason: 'KEY_INVALID',
      message: 'This API key is wrong, has expired or was revoked.',
    })
    const feed = follow(stranger, '0')
    await eventually(() => feed.reasons.length > 0)
    expect([feed.reasons, feed.items]).toEqual([['KEY_INVALID'], []])
  })

  test('is told when the server can not be reached at all', async () => {
    const away = createBatonClient({ url: 'http://127.0.0.1:1', apiKey: anasKey })
    expect(await refusalOf(away.auth.me.query())).toMatchObject({ reason: 'UNREACHABLE', requestId: null })
  })

  test('is not asked where it comes from, and a cookie beside the key still is', async () => {
    const elsewhere = { origin: 'https://shop.example', 'content-type': 'application/json' }
    const { id } = await newest()
    const path = `/api/v1/conversations/${id}/read`
    expect((await rest(path, anasKey, { method: 'POST', headers: elsewhere })).status).toBe(200)
    const withCookie = { ...elsewhere, cookie: carla.cookie }
    expect((await rest(path, anasKey, { method: 'POST', headers: withCookie })).status).toBe(403)
  })
})

describe('the feed over HTTP', () => {
  test('goes on after the server was stopped and started, without a gap and without a double', async () => {
    const { cursor } = await ana.conversations.list.query({})
    const feed = follow(ana, cursor)
    const wamids = Array.from({ length: 6 }, (_, index) => `wamid.api.restart.${index}`)
    for (const [index, wamid] of wamids.entries()) {
      if (index === 3) {
        await eventually(() => feed.wamids().length === 3)
        const startedAt = performance.now()
        await stack.restartServer()
        expect(performance.now() - startedAt).toBeLessThan(8000) // an open stream must not hold up a stop
      }
      await post(stack.url, textDelivery(wamid, `Number ${index}`))
    }
    await eventually(() => feed.wamids().length >= wamids.length, { withinMs: 20_000 })
    expect(feed.wamids().toSorted()).toEqual(wamids)
    const seqs = feed.items.filter(({ type }) => type === 'event').map(({ seq }) => Number(seq))
    expect(seqs).toEqual(seqs.map((_, index) => Number(cursor) + 1 + index))
    expect(feed.reasons).toEqual([])
    feed.stop()
  })

  test('ends soon after its key was revoked, says why, and tells nothing more', async () => {
    const { agents } = await carla.trpc.apiKeys.list.query()
    const agentId = agents.find(({ name }) => name === 'Ana')?.id ?? ''
    const made = await carla.trpc.apiKeys.create.mutate({ name: 'Short-lived', agentId, scopes: ['read'] })
    const client = clientWith(made.key)
    const { cursor } = await client.conversations.list.query({})
    const feed = follow(client, cursor)
    await post(stack.url, textDelivery('wamid.api.before', 'Before'))
    await eventually(() => feed.wamids().includes('wamid.api.before'))
    await carla.trpc.apiKeys.revoke.mutate({ id: made.apiKey.id })
    expect((await refusalOf(client.auth.me.query()))?.reason).toBe('KEY_INVALID')
    // Its access holds for a second at most, and is looked at again before anything is told.
    await eventually(async () => {
      await post(stack.url, textDelivery(`wamid.api.after.${crypto.randomUUID()}`, 'After'))
      return feed.reasons.length > 0
    })
    expect(feed.reasons).toEqual(['KEY_INVALID'])
    const told = feed.items.length
    const { cursor: now } = await ana.conversations.list.query({})
    const witness = follow(ana, now)
    await post(stack.url, textDelivery('wamid.api.last', 'Last'))
    await eventually(() => witness.wamids().includes('wamid.api.last'))
    expect(feed.items.length).toBe(told)
    witness.stop()
  })
})

describe('API keys', () => {
  test('are made on the command line too, which prints the key once and says whom it acts as', async () => {
    const make = (...args: string[]) =>
      Bun.spawnSync([process.execPath, 'scripts/createApiKey.ts', ...args], {
        cwd: root,
        env: { ...process.env, DATABASE_URL: stack.databaseUrl },
      })
    const made = make('--agent', 'ben@demo.baton', '--name', 'Bot', '--scopes', 'read,write', '--days', '30')
    const said = made.stdout.toString()
    expect(said).toContain('Made the API key "Bot": acts as Ben, may read, write, holds until ')
    const [key = '', ...others] = said.match(/baton_[0-9a-f]{64}/g) ?? []
    expect(others).toEqual([])
    expect((await clientWith(key).auth.me.query()).agent.name).toBe('Ben')
    const wrong = make('--agent', 'nobody@demo.baton', '--name', 'Bot')
    expect([wrong.exitCode === 0, wrong.stderr.toString()]).toEqual([
      false,
      expect.stringContaining('There is no agent with the address nobody@demo.baton.'),
    ])
  })

  test('are for administrators, and give no more than they have', async () => {
    const ben = await signIn(stack.url, 'ben@demo.baton')
    expect((await refusalOf(ben.trpc.apiKeys.list.query()))?.reason).toBe('FORBIDDEN')
    await ben.close()
    const admin = clientWith(await apiKeyFor(stack.databaseUrl, 'carla@demo.baton', ['read', 'admin']))
    const { agents, apiKeys } = await admin.apiKeys.list.query()
    const agentId = agents[0]?.id ?? ''
    const beyond = admin.apiKeys.create.mutate({ name: 'More', agentId, scopes: ['write'] })
    expect((await refusalOf(beyond))?.reason).toBe('SCOPE_MISSING')
    const { apiKey } = await admin.apiKeys.create.mutate({ name: 'Same', agentId, scopes: ['admin', 'read'] })
    expect(apiKey).toMatchObject({ name: 'Same', scopes: ['read', 'admin'], lastUsedAt: null })
    expect((await admin.apiKeys.list.query()).apiKeys.length).toBe(apiKeys.length + 1)
  })
})

describe('REST', () => {
  test('answers as the procedures do, with words of the query read as what they are', async () => {
    const response = await rest('/api/v1/conversations?view=all&limit=2', anasKey)
    expect(response.status).toBe(200)
    const page = await ana.conversations.list.query({ view: 'all', limit: 2 })
    expect(page.conversations).toHaveLength(2)
    // The cursor of the next page says when this one was read.
    expect(await response.json()).toEqual({ ...page, nextCursor: expect.any(String) })
  })

  test('sends a message to the conversation that the path names', async () => {
    const { id } = await newest()
    const body = JSON.stringify({ clientMessageId: crypto.randomUUID(), body: 'By REST' })
    const headers = { 'content-type': 'application/json' }
    const response = await rest(`/api/v1/conversations/${id}/messages`, anasKey, {
      method: 'POST',
      headers,
      body,
    })
    expect(response.status).toBe(200)
    const message = { conversationId: id, body: 'By REST', direction: 'out' }
    expect(await response.json()).toMatchObject({ message })
    const { messages } = await ana.messages.list.query({ conversationId: id })
    expect(messages.at(-1)).toMatchObject(message)
  })

  test.each([
    ['without a credential', '/api/v1/me', null, 401, 'UNAUTHORIZED'],
    ['with a wrong key', '/api/v1/me', 'baton_wrong', 401, 'KEY_INVALID'],
    ['without the scope', '/api/v1/dead-letters', 'ana', 403, 'SCOPE_MISSING'],
    ['for what is not there', `/api/v1/conversations/${crypto.randomUUID()}`, 'ana', 404, 'NOT_FOUND'],
    ['for what is no id', '/api/v1/conversations/1', 'ana', 400, 'BAD_REQUEST'],
    ['with a limit that is no number', '/api/v1/conversations?limit=many', 'ana', 400, 'BAD_REQUEST'],
  ])(
    'refuses %s with a status, a reason, a sentence and the request id',
    async (_, path, who, status, reason) => {
      const response = await rest(path, who === 'ana' ? anasKey : who)
      const body = REFUSED.parse(await response.json())
      expect([response.status, body.reason]).toEqual([status, reason])
      expect(body.message.length).toBeGreaterThan(10)
      expect(response.headers.get('x-request-id')).toBe(body.requestId)
    },
  )

  test('refuses a body that is not JSON, and a cookie opens the same door', async () => {
    const { id } = await newest()
    const path = `/api/v1/conversations/${id}/messages`
    const broken = await rest(path, anasKey, { method: 'POST', body: '{' })
    expect([broken.status, await broken.json()]).toMatchObject([400, { message: 'The body is not JSON.' }])
    const me = await rest('/api/v1/me', null, { headers: { cookie: carla.cookie } })
    expect(await me.json()).toMatchObject({ agent: { name: 'Carla' } })
  })
})

describe('the reply lock by REST', () => {
  test('is taken, kept, lost and given back by programs, and stands in the document', async () => {
    const { id } = await newest()
    const bens = await apiKeyFor(stack.databaseUrl, 'ben@demo.baton', ['write'])
    const ask = async (verb: string, key: string) => {
      const response = await rest(`/api/v1/conversations/${id}/${verb}`, key, { method: 'POST' })
      return { status: response.status, body: response.status === 204 ? null : await response.json() }
    }
    expect(await ask('lock', anasKey)).toMatchObject({ status: 200, body: { holder: { name: 'Ana' } } })
    expect(await ask('heartbeat', anasKey)).toMatchObject({ status: 200, body: { conversationId: id } })
    const refused = { status: 409, body: { reason: 'LOCKED', holder: { name: 'Ana' } } }
    expect(await ask('lock', bens)).toMatchObject(refused)
    expect(await ask('takeover', bens)).toMatchObject({ status: 200, body: { holder: { name: 'Ben' } } })
    expect(await ask('heartbeat', anasKey)).toMatchObject({ status: 409, body: { reason: 'LOCK_LOST' } })
    const reading = await apiKeyFor(stack.databaseUrl, 'ana@demo.baton', ['read'])
    expect(await ask('lock', reading)).toMatchObject({ status: 403, body: { reason: 'SCOPE_MISSING' } })
    expect((await ask('unlock', bens)).status).toBe(204)
    const { paths } = DOCUMENT.parse(await (await fetch(`${stack.url}/api/openapi.json`)).json())
    for (const verb of ['lock', 'unlock', 'heartbeat', 'takeover']) {
      expect(Object.keys(paths[`/api/v1/conversations/{id}/${verb}`] ?? {})).toEqual(['post'])
    }
  })
})

describe('a file', () => {
  test('is sent and fetched with a key that may, and with no other', async () => {
    const { channels } = await ana.auth.me.query()
    const path = `/media?channelId=${channels[0]?.id}&kind=image&filename=dot.png`
    const upload = (key: string | null) =>
      rest(path, key, { method: 'POST', headers: { 'content-type': 'image/png' }, body: DOT })
    const [reading, writing] = await Promise.all([
      apiKeyFor(stack.databaseUrl, 'ana@demo.baton', ['read']),
      apiKeyFor(stack.databaseUrl, 'ana@demo.baton', ['write']),
    ])
    expect((await upload(null)).status).toBe(401)
    const refused = await upload(reading)
    expect([refused.status, await refused.json()]).toMatchObject([403, { reason: 'SCOPE_MISSING' }])
    const sent = await upload(writing)
    const { media } = z.object({ media: z.object({ id: z.string() }) }).parse(await sent.json())
    expect((await rest(`/media/${media.id}`, writing)).status).toBe(403)
    const fetched = await rest(`/media/${media.id}`, reading)
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(DOT)
  })
})

describe('the document', () => {
  test('has every address of the API, each of which is answered, and every name in it is spelled out', async () => {
    const api = DOCUMENT.parse(await (await fetch(`${stack.url}/api/openapi.json`)).json())
    expect(api.openapi).toBe('3.1.0')
    const text = JSON.stringify(api)
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect([name, name !== undefined && name in api.components.schemas]).toEqual([name, true])
    }
    const addresses = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method })),
    )
    expect(addresses.length).toBeGreaterThan(10)
    for (const { path, method } of addresses) {
      const response = await rest(path.replace(/\{\w+\}/g, 'x'), null, { method: method.toUpperCase() })
      const said = await response.text()
      expect([path, said.includes('There is nothing here')]).toEqual([path, false])
    }
  })

  test('is a page too, on which nothing can run and which asks for nothing', async () => {
    const response = await fetch(`${stack.url}/api/docs`)
    const html = await response.text()
    expect(response.headers.get('content-security-policy')).toStartWith(
      "default-src 'none'; style-src 'sha256-",
    )
    expect(html).toContain('/api/v1/conversations/{conversationId}/messages')
    expect(html).not.toMatch(/<script|\ssrc=|<link/)
  })
})

/** A picture of one pixel. */
const DOT = new Uint8Array(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
)
const REFUSED = z.strictObject({
  reason: z.string(),
  message: z.string(),
  details: z.unknown(),
  requestId: z.string(),
})
const DOCUMENT = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})
