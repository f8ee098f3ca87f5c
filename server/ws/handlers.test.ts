import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { connect, type Socket as NodeSocket } from 'node:net'
import { createTRPCClient, createWSClient, wsLink } from '@trpc/client'
import { initTRPC, tracked } from '@trpc/server'
import { z } from 'zod'
import { type Listener, listen } from '../http/listen.ts'
import { createLog } from '../log.ts'
import { eventually } from '../testing/eventually.ts'
import { createSocketHandlers } from './handlers.ts'

const log = createLog({ level: 'silent', name: 'test' })
const t = initTRPC.context<{ agentId: string; whenDrained(): Promise<void> }>().create()
let cleanedUp = 0
let poured = 0
const DROP = 'x'.repeat(64 * 1024)
const DROPS = 600
const router = t.router({
  whoami: t.procedure.query(({ ctx }) => ctx.agentId),
  pour: t.procedure.subscription(async function* ({ ctx }) {
    for (poured = 0; poured < DROPS; poured++) {
      yield `${poured} ${DROP}`
      await ctx.whenDrained()
    }
  }),
  count: t.procedure.input(z.object({ lastEventId: z.string().optional() })).subscription(async function* ({
    input,
    signal,
  }) {
    try {
      for (let n = Number(input.lastEventId ?? 0) + 1; ; n++) {
        yield tracked(String(n), n)
        if (n % 3 === 0)
          await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }))
        if (signal?.aborted) return
      }
    } finally {
      cleanedUp++
    }
  }),
})

const ended = new Set<string>()
let contextsMade = 0
let contextFails = false
let listener: Listener

const sockets = createSocketHandlers({
  router,
  origins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
  async sessionOf(headers) {
    const cookie = headers.get('cookie')
    if (cookie === 'database is away') throw new Error('database is away')
    const agentId = cookie?.match(/^baton=(\w+)/)?.[1]
    return agentId ? { sessionId: `session-${agentId}`, agentId, expiresAt: new Date() } : null
  },
  createContext({ agentId, whenDrained }) {
    if (contextFails) throw new Error('no context')
    contextsMade++
    return { agentId, whenDrained }
  },
  liveSessions: async (ids) => new Set(ids.filter((id) => !ended.has(id))),
  recheckEveryMs: 20,
  slowForMs: 1500,
  log,
})

beforeAll(() => {
  listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    webhook: () => new Response('webhook'),
    fetch: () => new Response('app'),
    sockets,
    log,
  })
})
afterAll(() => listener.stop(1000))

const ours = { origin: 'http://localhost:3000', cookie: 'baton=ana' }

/** A bare handshake: its status, 101 when the door opened. */
async function handshake(headers: Record<string, string>): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${listener.port}/trpc`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      ...headers,
    },
  })
  return response.status
}

function open(headers: Record<string, string> = ours, query = ''): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${listener.port}/trpc${query}`, { headers })
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve(socket)
    socket.onerror = () => reject(new Error('refused'))
  })
}

/** A socket whose reading can be stopped, which a WebSocket does not offer. */
async function rawSocket(port: number): Promise<NodeSocket> {
  const socket = connect(port, '127.0.0.1')
  const head = [
    'GET /trpc HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Origin: ${ours.origin}`,
    `Cookie: ${ours.cookie}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  await new Promise((resolve) => socket.once('data', resolve))
  return socket
}

/** A short text frame, with a mask of zeros. */
function frame(message: object): Buffer {
  const text = Buffer.from(JSON.stringify(message))
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text])
}

const closed = (socket: WebSocket) =>
  new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code)
  })

describe('the door', () => {
  test('is shut to every origin that is not exactly ours', async () => {
    const { cookie } = ours
    expect(await handshake({ cookie })).toBe(403)
    for (const origin of [
      'null',
      '',
      'https://evil.example',
      'http://localhost:3000.evil.example',
      'http://evil-localhost:3000',
      'https://localhost:3000',
      'http://localhost:3001',
      'http://localhost',
    ]) {
      expect(await handshake({ cookie, origin })).toBe(403)
    }
  })

  test('is shut to those who are not signed in, before the socket opens', async () => {
    expect(await handshake({ origin: ours.origin })).toBe(401)
    expect(await handshake({ origin: ours.origin, cookie: 'other=1' })).toBe(401)
    await expect(open({ origin: ours.origin })).rejects.toThrow('refused')
  })

  test('does not open a socket that it would have to close at once', async () => {
    expect(await handshake({ ...ours, cookie: 'database is away' })).toBe(503)
    contextFails = true
    expect(await handshake(ours)).toBe(503)
    contextFails = false
    expect(sockets.count()).toBe(0)
  })

  test('opens for our pages by both names of this machine', async () => {
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:3000']) {
      const socket = await open({ ...ours, origin })
      socket.close()
      await closed(socket)
    }
  })

  test('lets one agent open fifty sockets, and another one still come in', async () => {
    const held = await Promise.all(Array.from({ length: 50 }, () => open({ ...ours, cookie: 'baton=busy' })))
    expect(await handshake({ ...ours, cookie: 'baton=busy' })).toBe(429)
    const other = await open()
    for (const socket of [...held, other]) socket.close()
    await eventually(() => sockets.count() === 0)
  })
})

describe('a socket', () => {
  test('carries queries and a subscription, and resumes where it stopped', async () => {
    const before = contextsMade
    const wsClient = createWSClient({
      url: `ws://127.0.0.1:${listener.port}/trpc`,
      WebSocket: class extends WebSocket {
        constructor(url: string | URL) {
          super(url, { headers: ours })
        }
      },
    })
    const client = createTRPCClient<typeof router>({ links: [wsLink({ client: wsClient })] })
    expect(await client.whoami.query()).toBe('ana')
    expect(contextsMade).toBe(before + 1)

    const seen: string[] = []
    const subscription = client.count.subscribe({}, { onData: ({ id }) => seen.push(id) })
    await eventually(() => seen.length === 3)
    subscription.unsubscribe()
    await eventually(() => cleanedUp === 1)

    const rest: number[] = []
    const resumed = client.count.subscribe({ lastEventId: '40' }, { onData: ({ data }) => rest.push(data) })
    await eventually(() => rest.length > 0)
    expect([seen, rest[0]]).toEqual([['1', '2', '3'], 41])
    resumed.unsubscribe()
    await wsClient.close()
    await eventually(() => sockets.count() === 0)
  })

  test('that closes ends its subscriptions', async () => {
    const before = cleanedUp
    const socket = await open()
    const first = new Promise<unknown>((resolve) => {
      socket.onmessage = ({ data }) => resolve(data)
    })
    socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'count', input: {} } }))
    await first
    socket.close()
    await eventually(() => cleanedUp === before + 1)
  })

  test('that sends a frame over 64 KB is closed, and one just under it is not', async () => {
    const socket = await open()
    const answer = new Promise<string>((resolve) => {
      socket.onmessage = ({ data }) => resolve(String(data))
    })
    const query = (pad: number) =>
      JSON.stringify({ id: 1, method: 'query', params: { path: 'whoami', input: 'x'.repeat(pad) } })
    socket.send(query(64 * 1024 - 200))
    expect(JSON.parse(await answer)).toMatchObject({ id: 1, result: { data: 'ana' } })
    const gone = closed(socket)
    socket.send(query(64 * 1024))
    expect([1006, 1009]).toContain(await gone)
    await eventually(() => sockets.count() === 0)
  })

  test('that floods is closed', async () => {
    const socket = await open()
    const gone = closed(socket)
    for (let n = 0; n < 300; n++) socket.send('PING')
    expect(await gone).toBe(1008)
  })

  test('that reads slowly is waited for, and gets everything in order; the others notice nothing', async () => {
    const slow = await rawSocket(listener.port)
    slow.write(frame({ id: 1, method: 'subscription', params: { path: 'pour' } }))
    slow.pause()
    await eventually(() => poured > 0)
    const other = await open()
    const answer = new Promise<string>((resolve) => {
      other.onmessage = ({ data }) => resolve(String(data))
    })
    other.send(JSON.stringify({ id: 1, method: 'query', params: { path: 'whoami' } }))
    expect(JSON.parse(await answer)).toMatchObject({ result: { data: 'ana' } })
    expect(poured).toBeLessThan(DROPS / 2)
    const numbers: number[] = []
    let text = ''
    slow.on('data', (bytes) => {
      text += bytes.toString('latin1')
      for (const match of text.matchAll(/"data":"(\d+) /g)) numbers.push(Number(match[1]))
      text = text.slice(-20).replace(/"data":"\d+ /g, '')
    })
    slow.resume()
    await eventually(() => numbers.length === DROPS, { withinMs: 10_000 })
    expect(numbers).toEqual(Array.from({ length: DROPS }, (_, n) => n))
    slow.destroy()
    other.close()
    await eventually(() => sockets.count() === 0)
  })

  test('that reads nothing at all is closed after a while', async () => {
    const stuck = await rawSocket(listener.port)
    stuck.write(frame({ id: 1, method: 'subscription', params: { path: 'pour' } }))
    stuck.pause()
    await eventually(() => poured > 0)
    await eventually(() => sockets.count() === 0)
    expect(poured).toBeLessThan(DROPS)
    stuck.destroy()
  })

  test('is closed when its session ends, and the others are not', async () => {
    const leaving = await open({ ...ours, cookie: 'baton=leaving' })
    const staying = await open()
    const gone = closed(leaving)
    ended.add('session-leaving')
    expect(await gone).toBe(4401)
    expect(staying.readyState).toBe(WebSocket.OPEN)
    staying.close()
    await closed(staying)
  })

  test('survives what is not tRPC', async () => {
    const socket = await open()
    const answer = new Promise<string>((resolve) => {
      socket.onmessage = ({ data }) => resolve(String(data))
    })
    socket.send('not json')
    expect(JSON.parse(await answer)).toMatchObject({ id: null, error: {} })
    socket.send(new Uint8Array([1, 2, 3]))
    socket.close()
    await closed(socket)
  })
})

test('a stop asks clients to come back, closes them, and lets a running request finish', async () => {
  let finish = () => {}
  const held = new Promise<void>((resolve) => {
    finish = resolve
  })
  let isAsked = false
  const own = createSocketHandlers({
    router,
    origins: [ours.origin],
    sessionOf: async () => ({ sessionId: 's', agentId: 'ana', expiresAt: new Date() }),
    createContext: () => ({ agentId: 'ana', whenDrained: async () => {} }),
    liveSessions: async (ids) => new Set(ids),
    log,
  })
  const stopping = listen({
    hostname: '127.0.0.1',
    port: 0,
    webhook: () => new Response('webhook'),
    async fetch() {
      isAsked = true
      await held
      return new Response('finished')
    },
    sockets: own,
    log,
  })
  const socket = new WebSocket(`ws://127.0.0.1:${stopping.port}/trpc`, { headers: ours })
  const told: string[] = []
  socket.onmessage = ({ data }) => told.push(String(data))
  await eventually(() => own.count() === 1)
  const code = closed(socket)
  const slow = fetch(`http://127.0.0.1:${stopping.port}/slow`)
  await eventually(() => isAsked)

  const stopped = stopping.stop(5000)
  expect(await code).toBe(1001)
  expect(told).toContain('{"id":null,"method":"reconnect"}')
  finish()
  expect(await (await slow).text()).toBe('finished')
  const before = performance.now()
  await stopped
  expect(performance.now() - before).toBeLessThan(2000)
  await expect(fetch(`http://127.0.0.1:${stopping.port}/`)).rejects.toThrow()
})
