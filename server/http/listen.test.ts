import { afterAll, beforeAll, expect, test } from 'bun:test'
import { initTRPC } from '@trpc/server'
import { createLog } from '../log.ts'
import { createSocketHandlers } from '../ws/handlers.ts'
import { type Listener, listen } from './listen.ts'

const log = createLog({ level: 'silent', name: 'test' })
let listener: Listener
let url: string

beforeAll(() => {
  const router = initTRPC.create().router({})
  const sockets = createSocketHandlers({
    router,
    origins: [],
    sessionOf: async () => null,
    createContext: () => ({}),
    liveSessions: async () => new Set(),
    log,
  })
  listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    webhook: async (request) => new Response(`webhook ${request.method} ${await request.text()}`),
    fetch(request, { address }) {
      if (request.url.endsWith('/throws')) throw new Error('secret detail')
      return new Response(`app ${address}`)
    },
    sockets,
    log,
  })
  url = `http://127.0.0.1:${listener.port}`
})
afterAll(() => listener.stop(1000))

test('a delivery goes straight to the webhook, everything else to the app', async () => {
  const delivery = await fetch(`${url}/webhooks/whatsapp`, { method: 'POST', body: 'body' })
  expect(await delivery.text()).toBe('webhook POST body')
  expect(await (await fetch(`${url}/webhooks/whatsapp?hub.mode=subscribe`)).text()).toBe('webhook GET ')
  expect(await (await fetch(`${url}/webhooks/other`)).text()).toBe('app 127.0.0.1')
})

test('a handshake is for sockets only at /trpc', async () => {
  const headers = { connection: 'Upgrade', upgrade: 'websocket' }
  expect((await fetch(`${url}/trpc`, { headers })).status).toBe(403)
  expect((await fetch(`${url}/elsewhere`, { headers })).status).toBe(200)
})

test('what breaks outside the app tells nothing', async () => {
  const response = await fetch(`${url}/throws`)
  expect(response.status).toBe(500)
  expect(await response.text()).not.toContain('secret')
})
