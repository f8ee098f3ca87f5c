import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Redis } from 'ioredis'
import { createAppend } from '../ingest/append.ts'
import { entriesOfList } from '../ingest/entry.ts'
import { STREAM } from '../ingest/stream.ts'
import { createLog } from '../log.ts'
import { createIngestMetrics } from '../metrics.ts'
import { connectRedis, whenReady } from '../redis.ts'
import { signatureOf, textDelivery } from '../testing/delivery.ts'
import { testRedis } from '../testing/testRedis.ts'
import { createRegister } from './metrics.ts'
import { createWebhook } from './webhook.ts'

const log = createLog({ level: 'silent', name: 'test' })
const SECRETS = ['new-secret', 'old-secret']
let redis: Redis
let server: Bun.Server<undefined>
let url: string

const webhookOver = (append: ReturnType<typeof createAppend>) =>
  createWebhook({
    secrets: () => ({ appSecrets: SECRETS, verifyTokens: ['verify-me'] }),
    append,
    metrics: createIngestMetrics(createRegister()).webhook,
    log,
  })

beforeAll(async () => {
  redis = connectRedis((await testRedis()).url, log)
  await whenReady(redis, 5000)
  server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: webhookOver(createAppend(redis)),
    maxRequestBodySize: 64 * 1024 * 1024,
  })
  url = `http://127.0.0.1:${server.port}/webhooks/whatsapp`
})
afterAll(async () => {
  await server.stop(true)
  redis.disconnect()
})

const BODY = JSON.stringify(textDelivery('wamid.sign', 'Grüße 👋'))
const post = (
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Record<string, string> = {},
) => fetch(url, { method: 'POST', body, headers })
const signed = (body: string | Uint8Array<ArrayBuffer>, secret = SECRETS[0]) =>
  post(body, { 'x-hub-signature-256': signatureOf(body, secret) })
const entries = () => redis.xlen(STREAM)

describe('the handshake', () => {
  test('gives the challenge back, bare', async () => {
    const response = await fetch(
      `${url}?hub.mode=subscribe&hub.challenge=0012%2B3&hub.verify_token=verify-me`,
    )
    expect([response.status, await response.text()]).toEqual([200, '0012+3'])
  })

  test.each([
    'hub.verify_token=wrong',
    'hub.verify_token=',
    '',
    'hub.verify_token=verify-me&hub.mode=unsubscribe',
  ])('is refused with %p', async (query) => {
    const mode = query.includes('hub.mode') ? '' : '&hub.mode=subscribe'
    expect((await fetch(`${url}?hub.challenge=1&${query}${mode}`)).status).toBe(403)
  })
})

describe('the signature', () => {
  test.each(SECRETS)('by %p is good, and the stream gets exactly the bytes that came', async (secret) => {
    const response = await signed(BODY, secret)
    expect(response.status).toBe(200)
    const [[, fields] = []] = await redis.xrevrangeBuffer(STREAM, '+', '-', 'COUNT', 1)
    expect(fields?.map(String)).toEqual(['body', BODY])
  })

  test('by the app of some companies is noted beside the body, and so read from the stream', async () => {
    const own = createWebhook({
      secrets: () => ({
        appSecrets: [...SECRETS, 'own-secret'],
        verifyTokens: [],
        ownersOf: new Map([['own-secret', ['company-1', 'company-2']]]),
      }),
      append: createAppend(redis),
      metrics: createIngestMetrics(createRegister()).webhook,
      log,
    })
    for (const [secret, signedFor] of [
      ['own-secret', ['company-1', 'company-2']],
      ['new-secret', null],
    ] as const) {
      const headers = { 'x-hub-signature-256': signatureOf(BODY, secret) }
      expect((await own(new Request(url, { method: 'POST', body: BODY, headers }))).status).toBe(200)
      const newest = await redis.xrevrangeBuffer(STREAM, '+', '-', 'COUNT', 1)
      const [entry] = entriesOfList(newest).entries
      expect([entry?.signedFor, Buffer.from(entry?.body ?? []).toString()]).toEqual([signedFor, BODY])
    }
  })

  test('of every shorter length, of other words, and of other bytes is refused, and nothing is kept', async () => {
    const before = await entries()
    const good = signatureOf(BODY, SECRETS[0])
    const prefixes = Array.from({ length: good.length }, (_, length) => good.slice(0, length))
    const wrong = [
      ...prefixes,
      `${good}0`,
      good.toUpperCase(),
      good.replace('sha256=', 'sha1='),
      good.slice('sha256='.length),
      `${good}, ${good}`,
      signatureOf(BODY, 'another secret'),
      signatureOf(JSON.stringify(JSON.parse(BODY), null, 1), SECRETS[0]),
      signatureOf('', SECRETS[0]),
      `sha256=${'0'.repeat(64)}`,
      `sha256=${'z'.repeat(64)}`,
    ]
    for (const signature of wrong) {
      expect({ signature, status: (await post(BODY, { 'x-hub-signature-256': signature })).status }).toEqual({
        signature,
        status: 401,
      })
    }
    expect((await post(BODY)).status).toBe(401)
    expect(await entries()).toBe(before)
  })

  test('is over the raw bytes: JSON with escapes passes as it came, and fails when it was written again', async () => {
    const escaped = '{"text":"Gr\\u00fc\\u00dfe","url":"https:\\/\\/example.com"}'
    expect((await signed(escaped)).status).toBe(200)
    const rewritten = JSON.stringify(JSON.parse(escaped))
    expect((await post(rewritten, { 'x-hub-signature-256': signatureOf(escaped, SECRETS[0]) })).status).toBe(
      401,
    )
  })
})

describe('a body', () => {
  test.each([['not JSON at all'], [''], ['{"entry":[]}']])(
    'that is signed is taken whatever it says: %p',
    async (body) => {
      const before = await entries()
      expect((await signed(body)).status).toBe(200)
      expect(await entries()).toBe(before + 1)
    },
  )

  test('of 3 MB is taken, and over 4 MiB refused with 413, announced or not', async () => {
    expect((await signed('x'.repeat(3_000_000))).status).toBe(200)
    const before = await entries()
    const large = 'x'.repeat(4 * 1024 * 1024 + 1)
    expect((await signed(large)).status).toBe(413)
    const stream = new ReadableStream({
      start(controller) {
        for (let sent = 0; sent < large.length; sent += 65_536)
          controller.enqueue(new TextEncoder().encode(large.slice(sent, sent + 65_536)))
        controller.close()
      },
    })
    expect((await post(stream, { 'x-hub-signature-256': signatureOf(large, SECRETS[0]) })).status).toBe(413)
    expect(await entries()).toBe(before)
  })

  test('in pieces, without an announced length, is taken like any other', async () => {
    const bytes = new TextEncoder().encode(BODY)
    const pieces = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]))
        controller.close()
      },
    })
    expect((await post(pieces, { 'x-hub-signature-256': signatureOf(BODY, SECRETS[0]) })).status).toBe(200)
  })

  test('is answered with 503 and Retry-After, never 200, when Redis is away', async () => {
    const away = connectRedis('redis://127.0.0.1:1', log)
    const webhook = webhookOver(createAppend(away))
    const response = await webhook(
      new Request(url, {
        method: 'POST',
        body: BODY,
        headers: { 'x-hub-signature-256': signatureOf(BODY, SECRETS[0]) },
      }),
    )
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    away.disconnect()
  })

  test('is answered with 503 when Redis has no room, and with 200 again when it has', async () => {
    const full = new Redis(`${process.env.TEST_REDIS_URL}`)
    const [, limit = '0'] = (await full.config('GET', 'maxmemory')) as string[]
    try {
      await full.config('SET', 'maxmemory', '1')
      expect((await signed(BODY)).status).toBe(503)
    } finally {
      await full.config('SET', 'maxmemory', limit)
      full.disconnect()
    }
    expect((await signed(BODY)).status).toBe(200)
  })

  test('by any other method is refused', async () => {
    expect((await fetch(url, { method: 'PUT', body: BODY })).status).toBe(405)
  })
})
