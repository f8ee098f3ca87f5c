import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { initTRPC } from '@trpc/server'
import type { Hono } from 'hono'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { seedDemo } from '../../db/seed.ts'
import { createAuth } from '../auth/auth.ts'
import { sessionOf } from '../auth/session.ts'
import { createLog } from '../log.ts'
import { type TestDatabase, testDatabase } from '../testing/testDatabase.ts'
import { type AppEnv, createApp } from './app.ts'
import { createRegister, observeSockets } from './metrics.ts'

const PUBLIC_URL = 'http://localhost:3000'
const log = createLog({ level: 'silent', name: 'test' })
type Context = { agentId: string | null; requestId: string }
const t = initTRPC.context<Context>().create({
  errorFormatter: ({ shape, ctx }) => ({ ...shape, data: { ...shape.data, requestId: ctx?.requestId } }),
})
let mutations = 0
const router = t.router({
  whoami: t.procedure.query(({ ctx }) => ctx.agentId),
  change: t.procedure.mutation(() => ++mutations),
  fail: t.procedure.query(() => {
    throw new Error('broken')
  }),
})

let database: TestDatabase
let client: DatabaseClient
let app: Hono<AppEnv>
let cookie: string
const checks: Record<string, () => Promise<void>> = { postgres: async () => {} }

beforeAll(async () => {
  database = await testDatabase()
  client = openDatabase(database.url)
  await seedDemo(database.url, {
    phoneNumberId: '1',
    displayPhoneNumber: '2',
    businessAccountId: '3',
    name: 'Linden & Oak',
  })
  const secret = 'a session secret of at least 32 characters'
  const auth = createAuth({ db: client.db, sql: client.sql, publicUrl: PUBLIC_URL, secret, log })
  const register = createRegister()
  observeSockets(register, () => 7)
  app = createApp({
    publicUrl: PUBLIC_URL,
    auth,
    router,
    createContext: async (request, requestId) => ({
      agentId: (await sessionOf(auth, request.headers))?.agentId ?? null,
      requestId,
    }),
    checks,
    register,
    siteFolder: '/nowhere/at/all',
    log,
    addRoutes(routes) {
      routes.post('/api/v1/things', (c) => c.json({ done: true }))
      routes.get('/api/v1/broken', () => {
        throw new Error('secret detail')
      })
    },
  })
  const response = await app.request('/api/auth/sign-in/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ana@demo.baton', password: 'baton-demo' }),
  })
  expect(response.status).toBe(200)
  cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  expect(cookie).toStartWith('baton=')
})

afterAll(async () => {
  await client.close()
  await database.drop()
})

const post = (path: string, headers: Record<string, string>, body: string | null = '{}') =>
  app.request(path, { method: 'POST', headers, body })
const json = { 'content-type': 'application/json' }

describe('a request with the session cookie that changes something', () => {
  const rejected: [string, Record<string, string>, number][] = [
    ['from another site', { ...json, 'sec-fetch-site': 'cross-site' }, 403],
    ['from another host of the same site', { ...json, 'sec-fetch-site': 'same-site' }, 403],
    ['from nowhere', { ...json, 'sec-fetch-site': 'none' }, 403],
    [
      'whose Origin is ours but whose browser says otherwise',
      { ...json, origin: PUBLIC_URL, 'sec-fetch-site': 'cross-site' },
      403,
    ],
    ['from another origin', { ...json, origin: 'https://evil.example' }, 403],
    ['from an origin that starts like ours', { ...json, origin: `${PUBLIC_URL}.evil.example` }, 403],
    ['from the origin null', { ...json, origin: 'null' }, 403],
    ['without any word about where it is from', json, 403],
    ['as a form', { 'content-type': 'application/x-www-form-urlencoded', origin: PUBLIC_URL }, 415],
    ['as plain text', { 'content-type': 'text/plain', origin: PUBLIC_URL }, 415],
    ['as JSON in disguise', { 'content-type': 'text/plain; application/json', origin: PUBLIC_URL }, 415],
  ]
  for (const [name, headers, status] of rejected) {
    test(`is refused when it comes ${name}`, async () => {
      const before = mutations
      for (const path of ['/trpc/change', '/api/v1/things', '/api/auth/sign-out']) {
        expect((await post(path, { cookie, ...headers })).status).toBe(status)
      }
      expect(mutations).toBe(before)
    })
  }

  test('is refused when its body says nothing of what it is', async () => {
    const bytes = new TextEncoder().encode('{}')
    const headers = { cookie, origin: PUBLIC_URL }
    for (const path of ['/trpc/change', '/api/v1/things'])
      expect((await app.request(path, { method: 'POST', headers, body: bytes })).status).toBe(415)
    const said = await app.request('/trpc/change', { method: 'POST', headers, body: bytes })
    expect(await said.text()).toContain('NOT_JSON')
  })

  test('passes from our own page, by either sign', async () => {
    for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: PUBLIC_URL }]) {
      const response = await post('/trpc/change', { cookie, ...json, ...headers })
      expect(response.status).toBe(200)
      expect((await post('/api/v1/things', { cookie, ...headers }, null)).status).toBe(200)
    }
  })

  test('is not asked where it is from when it carries no cookie of ours', async () => {
    expect((await post('/api/v1/things', { ...json, origin: 'https://evil.example' })).status).toBe(200)
    expect((await post('/api/v1/things', { ...json, cookie: 'notbaton=1' })).status).toBe(200)
  })

  test('is never a GET: tRPC changes nothing by it', async () => {
    const before = mutations
    expect((await app.request('/trpc/change', { headers: { cookie } })).status).toBe(405)
    expect(mutations).toBe(before)
  })
})

describe('signing in over the app', () => {
  test('is known to procedures, and forgotten after signing out', async () => {
    const whoami = async () =>
      JSON.parse(await (await app.request('/trpc/whoami', { headers: { cookie: mine } })).text()).result.data
    const response = await post(
      '/api/auth/sign-in/email',
      json,
      '{"email":"ben@demo.baton","password":"baton-demo"}',
    )
    const mine = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(await whoami()).toBeString()
    expect((await post('/api/auth/sign-out', { cookie: mine, origin: PUBLIC_URL, ...json })).status).toBe(200)
    expect(await whoami()).toBeNull()
  })

  test('works for a program that says only what Node’s fetch says, and not for the page of another site', async () => {
    const body = '{"email":"ben@demo.baton","password":"baton-demo"}'
    const from = async (headers: Record<string, string>) =>
      (await post('/api/auth/sign-in/email', { ...json, ...headers }, body)).status
    expect(await from({ 'sec-fetch-mode': 'cors' })).toBe(200)
    expect(await from({ 'sec-fetch-mode': 'cors', origin: 'https://evil.example' })).toBe(403)
    expect(await from({ 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site', origin: 'null' })).toBe(403)
  })

  test('does not believe the address that a caller names', async () => {
    const tries = Array.from({ length: 31 }, (_, n) =>
      app.request(
        '/api/auth/sign-in/email',
        {
          method: 'POST',
          headers: { ...json, 'x-baton-caller': `192.0.2.${n}` },
          // Each for another account: one account has a limit of its own.
          body: `{"email":"nobody${n}@demo.baton","password":"no password"}`,
        },
        { address: '198.51.100.7' },
      ),
    )
    const statuses = (await Promise.all(tries)).map((response) => response.status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(1)
  })
})

describe('every answer', () => {
  test('has a request id, the proxy’s when it is sane, and errors repeat it', async () => {
    const given = await app.request('/healthz', { headers: { 'x-request-id': 'proxy-1234.5' } })
    expect(given.headers.get('x-request-id')).toBe('proxy-1234.5')
    const forged = await app.request('/healthz', { headers: { 'x-request-id': 'a b' } })
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    const failed = await app.request('/trpc/fail')
    expect(JSON.parse(await failed.text()).error.data.requestId).toBe(failed.headers.get('x-request-id'))
    const broken = await app.request('/api/v1/broken')
    expect(broken.status).toBe(500)
    const said = JSON.parse(await broken.text())
    expect(said.requestId).toBe(broken.headers.get('x-request-id'))
    expect(JSON.stringify(said)).not.toContain('secret detail')
  })

  test('is guarded by headers, API answers are not stored, and HSTS is for https only', async () => {
    const { headers } = await app.request('/api/nothing')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; frame-ancestors 'none'")
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('strict-transport-security')).toBeNull()
  })

  test('to an unknown address of the API is 404 in JSON', async () => {
    for (const path of ['/api/nothing', '/trpc/nothing', '/api/auth/nothing', '/_app/gone.js']) {
      expect((await app.request(path, { headers: { accept: 'text/html' } })).status).toBe(404)
    }
    expect(await (await app.request('/api/nothing')).json()).toMatchObject({
      error: 'There is nothing here.',
    })
  })

  test('to a body over 1 MiB is 413', async () => {
    const big = JSON.stringify('x'.repeat(1024 * 1024))
    expect((await post('/trpc/change', json, big)).status).toBe(413)
  })
})

describe('what machines ask', () => {
  test('healthz is 200 while the process lives', async () => {
    expect((await app.request('/healthz')).status).toBe(200)
  })

  test('readyz is 503 with the reason when something cannot be used, and does not wait for what hangs', async () => {
    expect((await app.request('/readyz')).status).toBe(200)
    checks.redis = () => Promise.reject(new Error('connection refused'))
    checks.stream = () => new Promise(() => {})
    const response = await app.request('/readyz')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      status: 'not ready',
      checks: { postgres: 'ok', redis: 'connection refused', stream: 'no answer within 2000 ms' },
    })
  })

  test('metrics are told in the words of Prometheus', async () => {
    const text = await (await app.request('/metrics')).text()
    expect(text).toContain('baton_sockets 7')
    expect(text).toMatch(/baton_http_request_seconds_count\{area="trpc",status="2xx"\} \d+/)
    expect(text).toContain('process_resident_memory_bytes')
  })

  test('the inbox says how to build it when it is not built', async () => {
    const response = await app.request('/', { headers: { accept: 'text/html' } })
    expect(response.status).toBe(503)
    expect(await response.text()).toContain('bun run build')
  })
})
