import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openDatabase } from '../../db/client.ts'
import { RENEW_WITHIN_MS } from '../../server/inbox/demandNewTokens.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type Answered, enter, leave, mutate, whoAmI } from './browserRequest.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

const ANA = 'ana@demo.baton'
const BEN = 'ben@demo.baton'
const PASSWORD = 'baton-demo'
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0'
const WITHIN_MS = 1000

let stack: Stack
let carla: SignedIn
let client: ReturnType<typeof openDatabase>

beforeAll(async () => {
  stack = await startStack()
  client = openDatabase(stack.databaseUrl, { connections: 1 })
  carla = await signIn(stack.url, 'carla@demo.baton')
}, 60_000)
afterAll(async () => {
  await carla.close()
  await client.close()
  await stack.stop()
})

const cookieOf = (answer: Answered): string => {
  expect(answer.status).toBe(200)
  return answer.cookie ?? ''
}
const idOf = async (email: string) =>
  (await carla.trpc.people.members.query()).members.find((one) => one.email === email)?.id ?? ''

/** A socket as a tab has it, and what it was closed with. */
async function openSocket(cookie: string) {
  const closed = { code: 0, atMs: 0 }
  const socket = new WebSocket(`${stack.url.replace('http', 'ws')}/trpc`, {
    headers: { cookie, origin: stack.url },
  })
  socket.addEventListener('close', ({ code }) => Object.assign(closed, { code, atMs: performance.now() }))
  await eventually(() => socket.readyState === WebSocket.OPEN)
  return { closed, close: () => socket.close() }
}

test('one sees one’s own sessions in words, and nobody else’s', async () => {
  const here = await signIn(stack.url, ANA)
  await enter(stack.url, ANA, PASSWORD, { userAgent: FIREFOX, from: '203.0.113.77' })
  await enter(stack.url, BEN, PASSWORD)
  const { sessions } = await here.trpc.sessions.list.query()
  expect(sessions.filter((one) => one.isThis)).toHaveLength(1)
  const other = sessions.filter((one) => !one.isThis)
  expect(other).toMatchObject([{ browser: 'Firefox', system: 'Linux', network: '203.0.113.0/24' }])
  expect(JSON.stringify(sessions)).not.toContain('203.0.113.77')
  const rows = await client.sql`select sessions::text as row from sessions`
  for (const { row } of rows) expect(row).not.toContain('203.0.113.77')
  await here.trpc.sessions.endOthers.mutate()
  await here.close()
})

test('a session that is ended loses its calls, its socket and its feed within a second, and the others go on', async () => {
  const here = await signIn(stack.url, ANA)
  const there = await signIn(stack.url, ANA)
  const feed = there.follow()
  const own = here.follow()
  await eventually(() => feed.items.length > 0 && own.items.length > 0)
  const [gone, stays] = [await openSocket(there.cookie), await openSocket(here.cookie)]
  const { sessions } = await there.trpc.sessions.list.query()
  const sessionId = sessions.find((one) => one.isThis)?.id ?? ''
  const endedAtMs = performance.now()
  await here.trpc.sessions.end.mutate({ sessionId })
  await eventually(() => gone.closed.code !== 0)
  expect(gone.closed.code).toBe(4401)
  expect(gone.closed.atMs - endedAtMs).toBeLessThan(WITHIN_MS)
  await expect(there.trpc.auth.me.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  expect((await here.trpc.auth.me.query()).agent.name).toBe('Ana')
  expect(stays.closed.code).toBe(0)
  const told = feed.items.length
  const { conversations } = await carla.trpc.conversations.list.query({ limit: 1 })
  const conversationId = conversations[0]?.id ?? ''
  await carla.trpc.conversations.resolve.mutate({ conversationId })
  await eventually(() => own.items.some((item) => item.type === 'event'))
  expect(feed.items.length).toBe(told)
  for (const one of [feed, own]) one.stop()
  stays.close()
  await Promise.all([here.close(), there.close()])
})

test('all others can be ended at once, and a session of somebody else cannot', async () => {
  const here = await signIn(stack.url, ANA)
  const others = await Promise.all([1, 2].map(() => enter(stack.url, ANA, PASSWORD)))
  const ben = await signIn(stack.url, BEN)
  const { sessions } = await ben.trpc.sessions.list.query()
  const sessionId = sessions.find((one) => one.isThis)?.id ?? ''
  await expect(here.trpc.sessions.end.mutate({ sessionId })).rejects.toMatchObject({
    data: { reason: 'NOT_FOUND' },
  })
  expect((await here.trpc.sessions.endOthers.mutate()).ended).toBeGreaterThanOrEqual(2)
  for (const other of others) expect((await whoAmI(stack.url, cookieOf(other))).status).toBe(401)
  expect((await ben.trpc.auth.me.query()).agent.name).toBe('Ben')
  expect((await here.trpc.sessions.list.query()).sessions).toHaveLength(1)
  await Promise.all([here.close(), ben.close()])
})

test('signing in again in a browser ends the session that it had, and takes no token that it is given', async () => {
  const first = cookieOf(await enter(stack.url, ANA, PASSWORD))
  const second = cookieOf(await enter(stack.url, ANA, PASSWORD, { cookie: first }))
  expect(second).not.toBe(first)
  const planted = await enter(stack.url, ANA, PASSWORD, { cookie: 'baton=planted.token' })
  expect(planted.cookie).not.toContain('planted')
  expect((await whoAmI(stack.url, second)).status).toBe(200)
  // The process may remember for a while which session the cookie named; that session is gone.
  expect((await whoAmI(stack.url, first)).status).toBe(401)
})

test('the answer to a sign-in keeps the token for the cookie', async () => {
  const entered = await enter(stack.url, ANA, PASSWORD)
  const token = decodeURIComponent(cookieOf(entered).slice('baton='.length)).split('.')[0] ?? ''
  expect(token.length).toBeGreaterThan(20)
  expect(entered.text).toContain(ANA)
  expect(entered.text).not.toContain(token)
})

test('another role gives a session another token; whoever sits there stays signed in, and their socket stays open', async () => {
  const agentId = await idOf(BEN)
  const before = cookieOf(await enter(stack.url, BEN, PASSWORD))
  const socket = await openSocket(before)
  await carla.trpc.people.update.mutate({ agentIds: [agentId], role: { role: 'supervisor' } })
  const told = await whoAmI(stack.url, before)
  const after = cookieOf(told)
  expect(after).toMatch(/^baton=.+/)
  expect(after).not.toBe(before)
  expect(told.headers.getSetCookie()[0]).toContain('HttpOnly; SameSite=Lax')
  expect((await whoAmI(stack.url, after)).text).toContain('supervisor')
  expect((await whoAmI(stack.url, after)).cookie).toBe(after) // a second tab gets the same one
  expect(socket.closed.code).toBe(0)
  const [row] = await client.sql`
    select expires_at - created_at > interval '6 days' as is_whole, renews_to from sessions
    where agent_id = ${agentId} and renewed_at is not null`
  expect(row).toEqual({ isWhole: true, renewsTo: null })
  // Half a minute later the old one is nobody's.
  await client.sql`update sessions set renewed_at = renewed_at - interval '31 seconds' where agent_id = ${agentId}`
  await stack.restartServer()
  expect((await whoAmI(stack.url, before)).status).toBe(401)
  expect((await whoAmI(stack.url, after)).status).toBe(200)
  expect((await whoAmI(stack.url, after)).cookie).toBeNull()
  socket.close()
})

test('a browser that does not come for its new token is signed out', async () => {
  const agentId = await idOf(BEN)
  const cookie = cookieOf(await enter(stack.url, BEN, PASSWORD))
  await carla.trpc.people.update.mutate({ agentIds: [agentId], role: { role: 'agent' } })
  const rows = await client.sql<{ leftMs: number }[]>`
    select extract(epoch from expires_at - now()) * 1000 as left_ms from sessions where agent_id = ${agentId}`
  expect(rows.length).toBeGreaterThan(0)
  for (const { leftMs } of rows) expect(Number(leftMs)).toBeWithin(0, RENEW_WITHIN_MS)
  await client.sql`update sessions set expires_at = now() - interval '1 second' where agent_id = ${agentId}`
  expect((await whoAmI(stack.url, cookie)).status).toBe(401)
})

test('what a role of the workspace’s own allows is a role that changes, and a change of the team is not', async () => {
  const agentId = await idOf(BEN)
  const renews = async () => {
    const rows =
      await client.sql`select 1 from sessions where agent_id = ${agentId} and renews_to is not null`
    return rows.length
  }
  const wish = { name: 'Keeper', reach: 'workspace' as const, permissions: ['labels.manage' as const] }
  const { role } = await carla.trpc.roles.save.mutate(wish)
  const roleId = role.id ?? ''
  await carla.trpc.people.update.mutate({ agentIds: [agentId], role: { role: 'custom', roleId } })
  const cookie = cookieOf(await enter(stack.url, BEN, PASSWORD))
  await whoAmI(stack.url, cookie)
  await client.sql`delete from sessions where agent_id = ${agentId} and renews_to is not null`
  await carla.trpc.people.update.mutate({ agentIds: [agentId], capacity: 7 })
  await carla.trpc.roles.save.mutate({ ...wish, roleId, name: 'Keepers' })
  expect(await renews()).toBe(0)
  await carla.trpc.roles.save.mutate({ ...wish, roleId, permissions: ['labels.manage', 'audit.read'] })
  expect(await renews()).toBe(1)
  await carla.trpc.people.update.mutate({ agentIds: [agentId], role: { role: 'agent' } })
})

test('a changed password ends every other session and gives this one another token', async () => {
  const dan = 'dan@demo.baton'
  const here = cookieOf(await enter(stack.url, dan, PASSWORD))
  const there = cookieOf(await enter(stack.url, dan, PASSWORD))
  const [own, other] = [await openSocket(here), await openSocket(there)]
  const change = (oldPassword: string, newPassword: string, cookie = here) =>
    mutate(stack.url, 'passwords.change', { oldPassword, newPassword }, { cookie })
  expect((await change('not the password', 'a new one of mine')).text).toContain('INPUT_INVALID')
  expect((await change(PASSWORD, 'short')).status).toBe(400)
  expect((await whoAmI(stack.url, there)).status).toBe(200)
  const changedAtMs = performance.now()
  const changed = await change(PASSWORD, 'a new one of mine')
  const renewed = cookieOf(changed)
  expect(changed.text).toContain('"ended":1')
  expect(renewed).not.toBe(here)
  await eventually(() => other.closed.code === 4401)
  expect(other.closed.atMs - changedAtMs).toBeLessThan(WITHIN_MS)
  expect(own.closed.code).toBe(0)
  expect((await whoAmI(stack.url, there)).status).toBe(401)
  expect((await whoAmI(stack.url, renewed)).status).toBe(200)
  expect((await enter(stack.url, dan, PASSWORD)).status).toBe(401)
  expect((await enter(stack.url, dan, 'a new one of mine')).status).toBe(200)
  own.close()
})

test('signing out closes the sockets of that session within a second', async () => {
  const cookie = cookieOf(await enter(stack.url, ANA, PASSWORD))
  const socket = await openSocket(cookie)
  const leftAtMs = performance.now()
  expect((await leave(stack.url, cookie)).status).toBe(200)
  await eventually(() => socket.closed.code === 4401)
  expect(socket.closed.atMs - leftAtMs).toBeLessThan(WITHIN_MS)
})

test('an API key has no sessions and no password', async () => {
  const { key } = await carla.trpc.apiKeys.create.mutate({
    name: 'Shop',
    agentId: await idOf(ANA),
    scopes: ['read', 'write', 'admin'],
  })
  for (const path of ['sessions.endOthers', 'passwords.change']) {
    const response = await fetch(`${stack.url}/trpc/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ oldPassword: PASSWORD, newPassword: 'a new one of mine' }),
    })
    expect([path, response.status]).toEqual([path, 403])
  }
})
