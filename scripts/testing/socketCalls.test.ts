import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eventually } from '../../server/testing/eventually.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

/** What somebody who is signed in may ask over sockets: no more than over HTTP, and streams without end of a number. */
const SOCKETS = 4
/** Below the budget of frames that closes a socket. */
const FRAMES = 180

let stack: Stack
let ana: SignedIn
let ben: SignedIn
let sockets: Asking[] = []

beforeAll(async () => {
  stack = await startStack()
  ana = await signIn(stack.url, 'ana@demo.baton')
  ben = await signIn(stack.url, 'ben@demo.baton')
}, 60_000)
afterAll(async () => {
  for (const { socket } of sockets) socket.close()
  await Promise.all([ana.close(), ben.close()])
  await stack.stop()
})

type Asking = { socket: WebSocket; answers: Map<number, string> }

/** Sends that many calls over a socket of its own; notes what the first answer to each says. */
async function ask(
  cookie: string,
  call: { method: 'query' | 'subscription'; path: string },
): Promise<Asking> {
  const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/trpc`, {
    headers: { cookie, origin: stack.url },
  })
  const answers = new Map<number, string>()
  socket.onmessage = ({ data }) => {
    const { id, error } = JSON.parse(String(data))
    answers.set(id, error ? error.data.reason : (answers.get(id) ?? 'ok'))
  }
  await new Promise((resolve) => {
    socket.onopen = resolve
  })
  for (let id = 1; id <= FRAMES; id++)
    socket.send(JSON.stringify({ id, method: call.method, params: { path: call.path } }))
  return { socket, answers }
}

const answersOf = (all: Asking[]) => all.flatMap(({ answers }) => [...answers.values()])
const count = (all: Asking[], answer: string) => answersOf(all).filter((one) => one === answer).length

test('streams of one session are so many and no more, and those that are closed make room', async () => {
  const [first, second] = await Promise.all([
    ask(ana.cookie, { method: 'subscription', path: 'live.presence' }),
    ask(ana.cookie, { method: 'subscription', path: 'live.presence' }),
  ])
  sockets = [first, second]
  await eventually(() => count(sockets, 'TOO_MANY_REQUESTS') === 2 * FRAMES - 200, { withinMs: 20_000 })
  const other = ben.watch()
  await eventually(() => other.items.length > 0)
  expect(other.errors).toEqual([])
  other.stop()
  for (const { socket } of sockets) socket.close()
  const again = ana.watch()
  await eventually(() => again.items.length > 0, { withinMs: 20_000 })
  again.stop()
}, 60_000)

test('calls by sockets are counted with the requests of the session', async () => {
  // A session of its own: nothing was counted for it yet, so all of it falls into one window of ten seconds.
  const carla = await signIn(stack.url, 'carla@demo.baton')
  const call = { method: 'query', path: 'auth.me' } as const
  sockets = await Promise.all(Array.from({ length: SOCKETS }, () => ask(carla.cookie, call)))
  await eventually(() => answersOf(sockets).length === SOCKETS * FRAMES, { withinMs: 20_000 })
  expect([count(sockets, 'ok'), count(sockets, 'TOO_MANY_REQUESTS')]).toEqual([600, SOCKETS * FRAMES - 600])
  await expect(carla.trpc.auth.me.query()).rejects.toMatchObject({ data: { code: 'TOO_MANY_REQUESTS' } })
  for (const { socket } of sockets) socket.close()
  await carla.close()
}, 60_000)
