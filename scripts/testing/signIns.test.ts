import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openDatabase } from '../../db/client.ts'
import { createPasswordHash } from '../../server/auth/password.ts'
import { MOST_FAILURES } from '../../server/auth/signInTries.ts'
import { createAgent } from '../../server/inbox/createAgent.ts'
import { createWorkspace } from '../../server/inbox/createWorkspace.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { freePort } from '../services/port.ts'
import { enter, leave, whoAmI } from './browserRequest.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

const ANA = 'ana@demo.baton'
const PASSWORD = 'baton-demo'
const WRONG = 'not the password'
const TRIES = 100

let stack: Stack
let carla: SignedIn

beforeAll(async () => {
  stack = await startStack()
  carla = await signIn(stack.url, 'carla@demo.baton')
}, 60_000)
afterAll(async () => {
  await carla.close()
  await stack.stop()
})

const logged = async (...actions: string[]) => (await carla.trpc.audit.list.query({ actions })).entries
const statusOf = async (email: string, password: string, from: string) =>
  (await enter(stack.url, email, password, { from })).status

test('whoever guesses at an account shuts out themselves, and neither its owner nor anybody else', async () => {
  const attacker = '198.51.100.66'
  const before = await signIn(stack.url, ANA)
  const answers: number[] = []
  for (let tried = 0; tried < TRIES; tried++) answers.push(await statusOf(ANA, WRONG, attacker))
  expect(answers.filter((status) => status === 401)).toHaveLength(MOST_FAILURES)
  expect(answers.slice(MOST_FAILURES).every((status) => status === 429)).toBe(true)
  // Also the right password is worth nothing there now: whoever has guessed it does not learn that.
  const shut = await enter(stack.url, ANA, PASSWORD, { from: attacker })
  expect([shut.status, shut.cookie]).toEqual([429, null])
  expect(Number(shut.headers.get('retry-after') ?? shut.headers.get('x-retry-after'))).toBeGreaterThan(0)
  expect(await statusOf(ANA, PASSWORD, '203.0.113.5')).toBe(200)
  expect((await before.trpc.auth.me.query()).agent.name).toBe('Ana')
  expect(await statusOf('ben@demo.baton', PASSWORD, '203.0.113.5')).toBe(200)
  await before.close()
})

test('an address that nobody has is shut as one that somebody has, in the same words', async () => {
  const ask = async (email: string, from: string) => {
    const told: string[] = []
    for (let tried = 0; tried <= MOST_FAILURES; tried++) {
      const { status, text } = await enter(stack.url, email, WRONG, { from })
      told.push(`${status} ${text}`)
    }
    return told
  }
  expect(await ask('nobody@example.com', '198.51.100.7')).toEqual(await ask(ANA, '198.51.100.8'))
})

test('many tries at the same moment are no more than one after the other', async () => {
  const all = Array.from({ length: 2 * MOST_FAILURES }, () => statusOf(ANA, WRONG, '198.51.100.41'))
  expect((await Promise.all(all)).filter((status) => status === 401)).toHaveLength(MOST_FAILURES)
})

test('every process counts the same', async () => {
  const another = await stack.startAnother()
  const from = '198.51.100.21'
  for (let tried = 0; tried < MOST_FAILURES; tried++)
    expect((await enter(tried % 2 ? another.url : stack.url, ANA, WRONG, { from })).status).toBe(401)
  expect((await enter(another.url, ANA, PASSWORD, { from })).status).toBe(429)
  expect((await enter(stack.url, ANA, PASSWORD, { from })).status).toBe(429)
  await another.stop()
})

test('the right password forgives the wrong ones before it', async () => {
  const from = '198.51.100.31'
  for (let round = 0; round < 2; round++) {
    for (let tried = 1; tried < MOST_FAILURES; tried++) expect(await statusOf(ANA, WRONG, from)).toBe(401)
    expect(await statusOf(ANA, PASSWORD, from)).toBe(200)
  }
})

test('sign-ins and sign-outs are in the audit log: by whom, how, from which network and device, or why not', async () => {
  const from = '192.0.2.44'
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0'
  const dan = 'dan@demo.baton'
  await enter(stack.url, dan, WRONG, { from, userAgent })
  await eventually(async () => (await logged('sign_in.failed')).length > 0)
  const entered = await enter(stack.url, dan, PASSWORD, { from, userAgent })
  await leave(stack.url, entered.cookie ?? '')
  await eventually(async () => (await logged('sign_out.')).length === 1)
  const place = { network: '192.0.2.0/24', browser: 'Firefox', system: 'Linux' }
  const [out] = await logged('sign_out.')
  expect(out?.actor?.name).toBe('Dan')
  const inside = (await logged('sign_in.done')).find((entry) => entry.actor?.name === 'Dan')
  expect(inside?.details).toEqual({ way: 'password', ...place })
  const failed = (await logged('sign_in.failed')).find((entry) => JSON.stringify(entry).includes('192.0.2'))
  expect(failed?.actor).toBeNull()
  expect(failed?.details).toMatchObject({ name: 'Dan', why: 'wrong_password', ...place })
  const blocked = await logged('sign_in.blocked')
  expect(blocked.length).toBeGreaterThan(0)
  const all = JSON.stringify(await logged('sign_in.', 'sign_out.'))
  expect(all).not.toContain(from)
  expect(all).not.toContain('nobody@example.com')
})

test('who is deactivated is told so only with the right password, and that is in the log too', async () => {
  const members = await carla.trpc.people.members.query()
  const agentId = members.members.find((one) => one.email === 'ben@demo.baton')?.id ?? ''
  await carla.trpc.people.update.mutate({ agentIds: [agentId], isActive: false })
  expect(await statusOf('ben@demo.baton', WRONG, '192.0.2.50')).toBe(401)
  const told = await enter(stack.url, 'ben@demo.baton', PASSWORD, { from: '192.0.2.50' })
  expect([told.status, told.cookie]).toEqual([403, null])
  expect(told.text).toContain('DEACTIVATED')
  await eventually(async () => JSON.stringify(await logged('sign_in.failed')).includes('"deactivated"'))
  await carla.trpc.people.update.mutate({ agentIds: [agentId], isActive: true })
  expect(await statusOf('ben@demo.baton', PASSWORD, '192.0.2.50')).toBe(200)
})

test('with the demo off its accounts open nothing, and other accounts do', async () => {
  const client = openDatabase(stack.databaseUrl, { connections: 1 })
  const passwordHash = await createPasswordHash('a password of Vera')
  await client.sql.begin(async (tx) => {
    const { workspaceId } = await createWorkspace(tx, { name: 'Acme', teamName: 'Support', channel: null })
    const vera = { name: 'Vera', email: 'vera@example.com', role: 'owner' as const, passwordHash }
    await createAgent(tx, { workspaceId, ...vera })
  })
  await client.close()
  const demo = await signIn(stack.url, ANA)
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...stack.env, port, publicUrl: url, isDemo: false, roles: ['server' as const] }
  const real = await startServer(env, createLog({ level: 'error', name: 'real' }))
  const refused = await enter(url, ANA, PASSWORD, { from: '192.0.2.60' })
  expect([refused.status, refused.cookie]).toEqual([403, null])
  expect((await whoAmI(url, demo.cookie)).status).toBe(401)
  expect((await enter(url, 'vera@example.com', 'a password of Vera')).status).toBe(200)
  await real.stop()
  await demo.close()
})
