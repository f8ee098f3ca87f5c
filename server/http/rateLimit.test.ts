import { afterAll, beforeAll, expect, test } from 'bun:test'
import { Hono } from 'hono'
import type { Redis } from 'ioredis'
import type { Credential } from '../auth/credential.ts'
import { createLog } from '../log.ts'
import { connectRedis, whenReady } from '../redis.ts'
import { testRedis } from '../testing/testRedis.ts'
import { createRateLimits, RATES, type Rates, rateLimit } from './rateLimit.ts'

const log = createLog({ level: 'silent', name: 'test' })
const few = (points: number) => ({ points, seconds: 60 })
const rates: Rates = {
  session: few(5),
  apiKey: few(5),
  stranger: few(5),
  auth: few(2),
  files: few(4),
  uploads: few(1),
}

let redis: Redis

beforeAll(async () => {
  redis = connectRedis((await testRedis()).url, log)
  await whenReady(redis, 5000)
})

afterAll(() => redis.disconnect())

/** Headers say who asks: `session: x`, `key: y`, or nothing. A key named "wrong…" holds no more. */
const saysItself = async (headers: Headers): Promise<Credential | null> => {
  const sessionId = headers.get('session')
  const hash = headers.get('key')
  if (hash) return { kind: 'apiKey', hash }
  return sessionId ? { kind: 'session', sessionId } : null
}

function appWith(connection: Redis, itsRates: Rates = rates) {
  const app = new Hono<{ Bindings: { address?: string }; Variables: { requestId: string } }>()
  app.use(rateLimit({ limits: createRateLimits(connection, itsRates), credentialOf: saysItself }))
  app.all('*', (c) => c.text('ok', c.req.header('key')?.startsWith('wrong') ? 401 : 200))
  const ask = (
    path: string,
    headers: Record<string, string> = {},
    address = '198.51.100.2',
    method = 'GET',
  ) => Promise.resolve(app.request(path, { method, headers }, { address }))
  return { ask }
}

test('who asks too often is told when to come back, and others are not', async () => {
  const { ask } = appWith(redis)
  for (let times = 0; times < 5; times++)
    expect((await ask('/api/v1/x', { session: 'one' })).status).toBe(200)
  const refused = await ask('/api/v1/x', { session: 'one' })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeWithin(1, 61)
  expect(await refused.json()).toMatchObject({ reason: 'TOO_MANY_REQUESTS' })
  expect((await ask('/api/v1/x', { session: 'another' })).status).toBe(200)
})

test('every process counts the same', async () => {
  const [here, there] = [appWith(redis), appWith(redis)]
  for (let times = 0; times < 5; times++)
    await (times % 2 ? here : there).ask('/api/v1/x', { session: 'both' })
  expect((await here.ask('/api/v1/x', { session: 'both' })).status).toBe(429)
  expect((await there.ask('/api/v1/x', { session: 'both' })).status).toBe(429)
})

test('a batch counts for each of its procedures, and is refused in the words of tRPC', async () => {
  const { ask } = appWith(redis)
  expect((await ask('/trpc/a.b,c.d,e.f,g.h,i.j?batch=1', { session: 'batch' })).status).toBe(200)
  const refused = await ask('/trpc/a.b?batch=1', { session: 'batch' })
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({
    error: { data: { code: 'TOO_MANY_REQUESTS', httpStatus: 429 } },
  })
})

test('signing in and strangers are counted by their address', async () => {
  const { ask } = appWith(redis)
  const at = (address: string) => ask('/api/auth/sign-in/email', {}, address, 'POST')
  expect([(await at('192.0.2.1')).status, (await at('192.0.2.1')).status]).toEqual([200, 200])
  expect((await at('192.0.2.1')).status).toBe(429)
  expect((await at('192.0.2.2')).status).toBe(200)
  for (let times = 0; times < 5; times++) await ask('/trpc/health.status', {}, '192.0.2.3')
  expect((await ask('/trpc/health.status', {}, '192.0.2.3')).status).toBe(429)
})

test('guessing keys counts against the address, though each guess is another key', async () => {
  const { ask } = appWith(redis)
  const guess = (number: number) => ask('/api/v1/x', { key: `wrong ${number}` }, '192.0.2.9')
  for (let number = 0; number < 6; number++) expect((await guess(number)).status).toBe(401)
  expect((await guess(7)).status).toBe(429)
  expect((await ask('/api/v1/x', { key: 'right' }, '192.0.2.10')).status).toBe(200)
})

test('uploads have a limit of their own', async () => {
  const { ask } = appWith(redis)
  expect((await ask('/media', { session: 'up' }, undefined, 'POST')).status).toBe(200)
  expect((await ask('/media', { session: 'up' }, undefined, 'POST')).status).toBe(429)
  expect((await ask('/media/1', { session: 'up' })).status).toBe(200)
})

test('while Redis is away requests are answered, and each process counts for itself', async () => {
  const away = connectRedis('redis://127.0.0.1:9', log)
  try {
    const { ask } = appWith(away)
    for (let times = 0; times < 5; times++)
      expect((await ask('/api/v1/x', { session: 'away' })).status).toBe(200)
    expect((await ask('/api/v1/x', { session: 'away' })).status).toBe(429)
  } finally {
    away.disconnect()
  }
})

test('a tab that starts and a thread full of pictures stay far below the limits', () => {
  expect(RATES.session.points).toBeGreaterThan(100)
  expect(RATES.files.points).toBeGreaterThan(10 * 60)
})
