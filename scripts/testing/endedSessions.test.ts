import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eventually } from '../../server/testing/eventually.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

/** CVE-2021-3740 (Chatwoot before 2.4): whoever had a session kept it when the password was changed because of them. */
let stack: Stack
let here: SignedIn
let thief: SignedIn
let socket: WebSocket
const NEW_PASSWORD = 'one that nobody has seen'

beforeAll(async () => {
  stack = await startStack()
  here = await signIn(stack.url, 'ana@demo.baton')
  thief = await signIn(stack.url, 'ana@demo.baton')
  socket = await openSocket(thief.cookie)
}, 60_000)
afterAll(async () => {
  socket.close()
  await Promise.all([here.close(), thief.close()])
  await stack.stop()
})

function openSocket(cookie: string): Promise<WebSocket> {
  const headers = { cookie, origin: stack.url }
  const opened = new WebSocket(`${stack.url.replace('http', 'ws')}/trpc`, { headers })
  return new Promise((resolve, reject) => {
    opened.onopen = () => resolve(opened)
    opened.onerror = () => reject(new Error('The socket was refused'))
  })
}

let calls = 0
/** Asks over the socket that is already open. */
function askSocket(path: string): Promise<string> {
  const id = ++calls
  return new Promise((resolve) => {
    const listener = ({ data }: MessageEvent) => {
      if (JSON.parse(String(data)).id !== id) return
      socket.removeEventListener('message', listener)
      resolve(String(data))
    }
    socket.addEventListener('message', listener)
    socket.send(JSON.stringify({ id, method: 'query', params: { path } }))
  })
}

const changePassword = (cookie: string) =>
  fetch(`${stack.url}/api/auth/change-password`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: stack.url, cookie },
    body: JSON.stringify({
      currentPassword: 'baton-demo',
      newPassword: NEW_PASSWORD,
      revokeOtherSessions: false,
    }),
  })

test('a changed password ends every other session at once: its requests, its open socket and its feed', async () => {
  const feed = thief.follow()
  await eventually(() => feed.items.length > 0)
  expect(await askSocket('auth.me')).toContain('ana@demo.baton')

  expect((await changePassword(here.cookie)).status).toBe(200)

  await expect(thief.trpc.auth.me.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  expect(await askSocket('auth.me')).toContain('UNAUTHORIZED')
  expect((await thief.post('/api/v1/conversations/00000000-0000-7000-8000-000000000000/lock')).status).toBe(
    401,
  )
  await expect(openSocket(thief.cookie)).rejects.toThrow('refused')
  await eventually(() => feed.isOver)
  const told = feed.items.length
  stack.simulator.phones.add('Nora', '16505557788')
  await stack.simulator.phones.write('16505557788', { type: 'text', text: 'For Ana alone' })
  const again = await signIn(stack.url, 'ana@demo.baton', NEW_PASSWORD)
  const own = again.follow('0')
  await eventually(() => JSON.stringify(own.items).includes('For Ana alone'))
  expect(feed.items.length).toBe(told)
  await again.close()
})
