import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { connect, type Socket } from 'node:net'
import { Hono } from 'hono'
import { createLog } from '../log.ts'
import { createIngestMetrics } from '../metrics.ts'
import { signatureOf } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import type { AppEnv } from './app.ts'
import { type Listener, listen } from './listen.ts'
import { createRegister } from './metrics.ts'
import { atPace, TooSlow } from './pace.ts'
import { createWebhook } from './webhook.ts'
import { type BodyLimits, wholeBody } from './wholeBody.ts'

/** Slow-loris: a body of a byte now and then, so that a connection is never idle and never done. */
const WITHIN_MS = 300
const log = createLog({ level: 'silent', name: 'test' })
let listener: Listener
let hurried: Listener
let delivered = 0
const sockets: Socket[] = []

/** A server whose requests have to come within so many seconds. */
function openListener(idleTimeoutS: number, limit: BodyLimits): Listener {
  const app = new Hono<AppEnv>()
  app.use('/trpc/*', wholeBody(limit))
  app.use('/api/*', wholeBody(limit))
  app.all('*', async (c) => c.text(`${c.req.method} ${(await c.req.text()).length}`))
  return listen({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeoutS,
    webhook: createWebhook({
      secrets: () => ({ appSecrets: ['secret'], verifyTokens: ['word'] }),
      append: async () => void delivered++,
      metrics: createIngestMetrics(createRegister()).webhook,
      log,
      bodyWithinMs: limit.withinMs,
    }),
    fetch: (request) => app.fetch(request),
    sockets: {
      upgrade: async () => undefined,
      websocket: { message: () => {} },
      notifyReconnect: () => {},
      recheck: async () => {},
      closeAll: () => {},
      count: () => 0,
    },
    log,
  })
}

beforeAll(() => {
  const limit = { bytes: 1000, inWords: '1000 bytes' }
  listener = openListener(30, { ...limit, withinMs: WITHIN_MS })
  hurried = openListener(1, limit)
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all([listener.stop(1000), hurried.stop(1000)])
})

/** What is answered to whoever says this head, and then the same piece again and again, until the connection is ended. */
async function dribble(
  first: string,
  rest: string,
  piece: string,
  { port, everyMs }: { port: number; everyMs: number } = { port: listener.port, everyMs: 20 },
): Promise<{ answer: string }> {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  let answer = ''
  let isClosed = false
  socket.on('data', (bytes) => {
    answer += String(bytes)
  })
  socket.on('close', () => {
    isClosed = true
  })
  socket.on('error', () => {})
  socket.write(`${first}\r\nHost: localhost\r\n${rest}`)
  const timer = setInterval(() => piece !== '' && socket.writable && socket.write(piece), everyMs)
  await eventually(() => isClosed, { withinMs: 20_000 })
  clearInterval(timer)
  return { answer }
}

const ANNOUNCED = 'Content-Length: 500\r\n\r\n'
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n'
const BODIES: [how: string, rest: string, piece: string][] = [
  ['with its length announced', ANNOUNCED, 'x'],
  ['in chunks', CHUNKED, '1\r\nx\r\n'],
]

describe.each(['/webhooks/whatsapp', '/trpc/messages.send', '/api/v1/conversations/1/lock'])('%s', (path) => {
  test.each(BODIES)(
    'gives up a body that never ends, %s, and the connection with it',
    async (_, rest, piece) => {
      const before = delivered
      const { answer } = await dribble(`POST ${path} HTTP/1.1`, rest, piece)
      expect(answer).toStartWith('HTTP/1.1 408 ')
      expect(answer.toLowerCase()).toContain('connection: close')
      expect(delivered).toBe(before)
    },
  )

  test('ends the connection of a body that is too large, announced or not, and reads no more of it', async () => {
    const announced = await dribble(`POST ${path} HTTP/1.1`, 'Content-Length: 5000000\r\n\r\n', 'x')
    const silent = await dribble(`POST ${path} HTTP/1.1`, CHUNKED, `100000\r\n${'x'.repeat(1024 * 1024)}\r\n`)
    for (const { answer } of [announced, silent]) expect(answer).toStartWith('HTTP/1.1 413 ')
  })
})

test('a hundred who send a byte now and then keep nobody else waiting', async () => {
  const slow = Array.from({ length: 100 }, () => {
    const socket = connect(listener.port, '127.0.0.1')
    socket.on('error', () => {})
    sockets.push(socket)
    socket.write(`POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\n${ANNOUNCED}`)
    const timer = setInterval(() => socket.writable && socket.write('x'), 20)
    socket.on('close', () => clearInterval(timer))
    return new Promise<void>((resolve) => socket.on('close', () => resolve()))
  })
  const body = '{"entry":[]}'
  const headers = { 'x-hub-signature-256': signatureOf(body, 'secret') }
  const url = `http://127.0.0.1:${listener.port}/webhooks/whatsapp`
  for (let n = 0; n < 20; n++) expect((await fetch(url, { method: 'POST', body, headers })).status).toBe(200)
  await Promise.all(slow)
})

test('a body in time passes, whole and in pieces, and one that is not there is no body', async () => {
  const url = `http://127.0.0.1:${listener.port}/trpc/x`
  const said = async (init: RequestInit) => (await fetch(url, init)).text()
  expect(await said({ method: 'POST', body: 'x'.repeat(1000) })).toBe('POST 1000')
  const pieces = new ReadableStream({
    start(controller) {
      for (let n = 0; n < 3; n++) controller.enqueue(new TextEncoder().encode('abc'))
      controller.close()
    },
  })
  expect(await said({ method: 'POST', body: pieces })).toBe('POST 9')
  expect(await said({ method: 'POST' })).toBe('POST 0')
  expect(await said({ method: 'GET' })).toBe('GET 0')
})

describe('the headers of a request', () => {
  test.each([
    ['one of a hundred thousand letters', `X: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['five thousand of them', `${Array.from({ length: 5000 }, (_, n) => `X${n}: a\r\n`).join('')}\r\n`],
  ])('are refused when they are too many: %s', async (_, headers) => {
    const { answer } = await dribble('GET /trpc/x HTTP/1.1', headers, '')
    expect(answer).toStartWith('HTTP/1.1 431 ')
  })
})

test('a file may take longer to come than anything else may', async () => {
  // Bun counts a request as a whole, and in steps of four seconds: this one takes seven.
  const at = { port: hurried.port, everyMs: 500 }
  const rest = 'Connection: close\r\nContent-Length: 14\r\n\r\n'
  const [file, other] = await Promise.all([
    dribble('POST /media HTTP/1.1', rest, 'x', at),
    dribble('POST /trpc/x HTTP/1.1', rest, 'x', at),
  ])
  expect(file.answer).toEndWith('POST 14')
  expect(other.answer).toBe('')
})

describe('a file that comes slowly', () => {
  const PACE = { graceMs: 1000, bytesPerSecond: 1000 }
  const fileOf = async function* (pieces: number, bytes: number, wait: () => Promise<void>) {
    for (let n = 0; n < pieces; n++) {
      await wait()
      yield new Uint8Array(bytes)
    }
  }

  test('is taken as long as its average is no slower than a bad line', async () => {
    let nowMs = 0
    const wait = async () => {
      nowMs += 500
    }
    const pieces = await Array.fromAsync(atPace(fileOf(20, 1000, wait), PACE, () => nowMs))
    expect(pieces).toHaveLength(20)
  })

  test('is given up when a byte comes now and then, however long that has gone well', async () => {
    let nowMs = 0
    const wait = async () => {
      nowMs += 500
    }
    const iterator = atPace(fileOf(1000, 1, wait), PACE, () => nowMs)
    await expect(Array.fromAsync(iterator)).rejects.toBeInstanceOf(TooSlow)
    expect(nowMs).toBeLessThan(5000)
  })

  test('is given up when nothing comes any more, without waiting for it', async () => {
    const never = fileOf(2, 1, () => new Promise(() => {}))
    await expect(
      Array.fromAsync(atPace(never, { graceMs: 10, bytesPerSecond: 1000 })),
    ).rejects.toBeInstanceOf(TooSlow)
  })
})
