import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eventually } from '../../server/testing/eventually.ts'
import { type Following, type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

/** CVE-2021-3740 (Chatwoot before 2.4): whoever had a session kept it when the password was changed because of them. */
let stack: Stack
let here: SignedIn
let thief: SignedIn
let socket: WebSocket
let feed: Following | null = null
/** The code of a socket whose session is over: `server/ws/handlers.ts`. */
const SESSION_OVER = 4401
const NEW_PASSWORD = 'one that nobody has seen'

beforeAll(async () => {
  stack = await startStack()
  here = await signIn(stack.url, 'ana@demo.baton')
  thief = await signIn(stack.url, 'ana@demo.baton')
  socket = await openSocket(thief.cookie)
}, 60_000)
afterAll(async () => {
  socket.close()
  feed?.stop()
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

test('a changed password ends every other session at once: its requests, its open socket and its feed', async () => {
  const followed = thief.follow()
  feed = followed
  await eventually(() => followed.items.length > 0)
  expect(await askSocket('auth.me')).toContain('ana@demo.baton')
  const closed = Promise.withResolvers<number>()
  socket.onclose = ({ code }) => closed.resolve(code)

  const passwords = { oldPassword: 'baton-demo', newPassword: NEW_PASSWORD }
  expect((await here.trpc.passwords.change.mutate(passwords)).ended).toBe(1)

  await expect(thief.trpc.auth.me.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  expect(await closed.promise).toBe(SESSION_OVER)
  expect((await thief.post('/api/v1/conversations/00000000-0000-7000-8000-000000000000/lock')).status).toBe(
    401,
  )
  await expect(openSocket(thief.cookie)).rejects.toThrow('refused')
  const told = followed.items.length
  stack.simulator.phones.add('Nora', '16505557788')
  await stack.simulator.phones.write('16505557788', { type: 'text', text: 'For Ana alone' })
  const again = await signIn(stack.url, 'ana@demo.baton', NEW_PASSWORD)
  const own = again.follow('0')
  await eventually(() => JSON.stringify(own.items).includes('For Ana alone'))
  expect(followed.items.length).toBe(told)
  await again.close()
})
