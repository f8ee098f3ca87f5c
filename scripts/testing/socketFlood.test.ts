import { afterAll, beforeAll, expect, test } from 'bun:test'
import { frameHead, type RawSocket, rawSocket, textFrame } from './attacks/rawSocket.ts'
import { type SignedIn, signIn } from './client.ts'
import { canMeasure, forgetPeak, peakMemory, residentMemory } from './residentMemory.ts'
import { type Stack, startStack } from './stack.ts'

/** Ten thousand frames, and frames that are none: from somebody who is signed in, and whose page would never send them. */
const FRAMES = 10_000
/** Far more than a flood that is dropped needs, and far less than one that is kept. */
const MOST_GROWTH_BYTES = 200 * 1024 * 1024

let stack: Stack
let ana: SignedIn
let ben: SignedIn
const opened: RawSocket[] = []

beforeAll(async () => {
  stack = await startStack({ hasRateLimits: false })
  ana = await signIn(stack.url, 'ana@demo.baton')
  ben = await signIn(stack.url, 'ben@demo.baton')
}, 60_000)
afterAll(async () => {
  for (const socket of opened) socket.end()
  await Promise.all([ana.close(), ben.close()])
  await stack.stop()
})

async function open(): Promise<RawSocket> {
  const socket = await rawSocket(stack.url, ana.cookie)
  expect(socket.status).toBe(101)
  opened.push(socket)
  return socket
}

/** That somebody else is served meanwhile: over HTTP and over a socket of their own. */
async function othersAreServed(): Promise<void> {
  const { agent } = await ben.trpc.auth.me.query()
  expect(agent.email).toBe('ben@demo.baton')
  const following = ben.watch()
  const startedAtMs = performance.now()
  while (following.items.length === 0 && performance.now() - startedAtMs < 20_000)
    await ben.trpc.auth.me.query()
  expect(following.items.length).toBeGreaterThan(0)
  following.stop()
}

const query = (id: number) => JSON.stringify({ id, method: 'query', params: { path: 'auth.me' } })
const follow = (id: number) =>
  JSON.stringify({ id, method: 'subscription', params: { path: 'live.feed', input: {} } })

test.each([
  ['queries', query],
  ['subscriptions', follow],
  ['what is not JSON', () => '{"id":1,"method":'],
  [
    'JSON that is no call',
    () => '{"id":{"a":[[[[]]]]},"method":"__proto__","params":{"path":"constructor"}}',
  ],
  ['pings of tRPC', () => 'PING'],
])(
  'ten thousand frames of %s from one socket close it, memory stays, and others are served',
  async (_, frameOf) => {
    if (canMeasure) forgetPeak(process.pid)
    const before = canMeasure ? residentMemory(process.pid) : 0
    const socket = await open()
    const frames = Array.from({ length: FRAMES }, (_, id) => textFrame(frameOf(id)))
    socket.send(new Uint8Array(Buffer.concat(frames)))
    const [code] = await Promise.all([socket.closed, othersAreServed()])
    expect([1006, 1008, null]).toContain(code)
    if (canMeasure) expect(peakMemory(process.pid) - before).toBeLessThan(MOST_GROWTH_BYTES)
  },
  40_000,
)

test('a frame that says it is enormous is refused by its head, and nothing is kept free for it', async () => {
  if (canMeasure) forgetPeak(process.pid)
  const before = canMeasure ? residentMemory(process.pid) : 0
  for (const length of [65_537n, 1n << 31n, 1n << 40n, (1n << 63n) - 1n, (1n << 64n) - 1n]) {
    const socket = await open()
    socket.send(frameHead(length))
    socket.send(new Uint8Array(1000))
    expect([length, [1006, 1009, 1002, null].includes(await socket.closed)]).toEqual([length, true])
  }
  if (canMeasure) expect(peakMemory(process.pid) - before).toBeLessThan(MOST_GROWTH_BYTES)
  await othersAreServed()
})

test('pieces of one message that are too many together are refused', async () => {
  const socket = await open()
  const piece = 'x'.repeat(1000)
  socket.send(textFrame(piece, { isLast: false }))
  for (let n = 0; n < 100; n++) socket.send(textFrame(piece, { opcode: 0, isLast: false }))
  expect([1006, 1009, 1008, null]).toContain(await socket.closed)
  await othersAreServed()
})

test('frames that no browser sends end the socket: compressed though nobody agreed, a reserved kind, a long ping', async () => {
  const odd = [
    textFrame('x', { bits: 0x40 }),
    textFrame('x', { opcode: 3 }),
    textFrame('x'.repeat(126), { opcode: 9 }),
    textFrame('x', { opcode: 0 }),
    new Uint8Array([0x81, 0x84, 0, 0, 0, 0, 0xff, 0xfe, 0xfd, 0xfc]),
  ]
  for (const [index, frame] of odd.entries()) {
    const socket = await open()
    socket.send(frame)
    expect([index, [1002, 1003, 1006, 1007, null].includes(await socket.closed)]).toEqual([index, true])
  }
  await othersAreServed()
})
