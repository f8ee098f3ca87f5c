import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openDatabase } from '../../db/client.ts'
import { RESET_MS } from '../../server/inbox/passwordResets.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type MailServer, startMailServer } from '../../server/testing/mailServer.ts'
import { freePort } from '../services/port.ts'
import { type Answered, enter, mutate, whoAmI } from './browserRequest.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

const ANA = 'ana@demo.baton'
const BEN = 'ben@demo.baton'
const DAN = 'dan@demo.baton'
const PASSWORD = 'baton-demo'
const NEW_PASSWORD = 'one that nobody knows'
const FROM = 'Baton <baton@example.com>'

let stack: Stack
let mail: MailServer
let carla: SignedIn
let client: ReturnType<typeof openDatabase>
/** The same inbox, from a process that has a mail server. */
let mailing: { url: string; stop(): Promise<void> }

beforeAll(async () => {
  stack = await startStack()
  mail = startMailServer()
  client = openDatabase(stack.databaseUrl, { connections: 1 })
  carla = await signIn(stack.url, 'carla@demo.baton')
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    ...stack.env,
    port,
    publicUrl: url,
    roles: ['server' as const],
    mail: { url: mail.url, from: FROM },
  }
  const { stop } = await startServer(env, createLog({ level: 'silent', name: 'mailing' }))
  mailing = { url, stop }
}, 60_000)
afterAll(async () => {
  mail.fallSilent(false)
  await carla.close()
  await client.close()
  mail.stop()
  await mailing.stop()
  await stack.stop()
})

const forgot = (email: string, language = 'en') =>
  mutate(mailing.url, 'passwords.forgot', { email, language })
const reset = (token: string, password = NEW_PASSWORD) =>
  mutate(stack.url, 'passwords.reset', { token, password })
const tokenIn = (text: string) => /\/reset\/([\w-]+)/.exec(text)?.[1] ?? ''
const mailsTo = (email: string) => mail.mails.filter((one) => one.to === email)
const mailTo = (email: string, count = 1) =>
  eventually(() => mailsTo(email).length === count && mailsTo(email).at(-1))
const idOf = async (email: string) =>
  (await carla.trpc.people.members.query()).members.find((one) => one.email === email)?.id ?? ''
const linkFor = async (email: string) => carla.trpc.passwords.makeLink.mutate({ agentId: await idOf(email) })
const logged = async (action: string) => (await carla.trpc.audit.list.query({ actions: [action] })).entries

test('who forgot their password gets a link by mail, sets a new one, and every session of theirs ends', async () => {
  const before = await enter(stack.url, ANA, PASSWORD)
  expect((await forgot(' Ana@Demo.Baton '.trim())).status).toBe(200)
  const sent = await mailTo(ANA)
  expect(sent).toMatchObject({ from: 'baton@example.com', subject: 'Set a new password for Baton' })
  expect(sent.text).toContain('Hello Ana,')
  expect(sent.text).toContain(`${mailing.url}/reset/`)
  const token = tokenIn(sent.text)
  const rows = await client.sql`select password_resets::text as row from password_resets`
  expect(rows).toHaveLength(1)
  expect(rows[0]?.row).not.toContain(token)
  expect((await whoAmI(stack.url, before.cookie ?? '')).status).toBe(200)
  const done = await reset(token)
  expect(done.text).toContain(ANA)
  expect(done.cookie).toBeNull() // they sign in with it, with their second factor if they have one
  expect((await whoAmI(stack.url, before.cookie ?? '')).status).toBe(401)
  expect((await enter(stack.url, ANA, PASSWORD)).status).toBe(401)
  expect((await enter(stack.url, ANA, NEW_PASSWORD)).status).toBe(200)
  const again = await reset(token, 'yet another of them')
  expect([again.status, again.text.includes('NOT_FOUND')]).toEqual([404, true])
})

test('the answer tells nobody who has an account, and comes while the mail server says nothing', async () => {
  const shown = ({ status, text, headers }: Answered) => [status, text, [...headers.keys()].toSorted()]
  mail.fallSilent(true)
  const known = await forgot(BEN)
  const unknown = await forgot('nobody@example.com')
  expect(shown(known)).toEqual(shown(unknown))
  expect(known.status).toBe(200)
  await eventually(() => mail.heldCalls() === 1)
  mail.fallSilent(false)
  expect(mailsTo(BEN)).toEqual([])
})

test('a mail is written in the language of the page', async () => {
  await forgot(DAN, 'de')
  const german = await mailTo(DAN)
  expect(german.subject).toBe('Neues Passwort für Baton festlegen')
  expect(german.text).toContain('Guten Tag Dan,')
  await forgot(DAN, 'ar')
  expect((await mailTo(DAN, 2)).subject).toBe('تعيين كلمة مرور جديدة في Baton')
})

test('nobody’s box is filled: three mails in an hour', async () => {
  await forgot(DAN)
  await mailTo(DAN, 3)
  for (let times = 0; times < 4; times++) expect((await forgot(DAN)).status).toBe(200)
  // Those were refused before this one was asked for, so once it has come, none of them will.
  await forgot('carla@demo.baton')
  await mailTo('carla@demo.baton')
  expect(mailsTo(DAN)).toHaveLength(3)
})

test('of two who use a link at the same moment one sets the password, and the other links end with it', async () => {
  const [first, second] = mailsTo(DAN).map(({ text }) => tokenIn(text))
  const answers = await Promise.all([reset(first ?? ''), reset(first ?? '', 'the other one’s password')])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404])
  expect((await reset(second ?? '')).status).toBe(404)
})

test('a link is over after an hour, and a made-up one is none', async () => {
  const { token } = await linkFor(BEN)
  await client.sql`update password_resets set expires_at = expires_at - interval '1 hour'`
  expect((await reset(token)).status).toBe(404)
  expect((await reset(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).status).toBe(404)
})

test('an administrator gives a link by hand, once, and the audit log tells who to whom', async () => {
  const first = await linkFor(BEN)
  const second = await linkFor(BEN)
  const lifeMs = Date.parse(second.expiresAt) - Date.now()
  expect(lifeMs).toBeWithin(RESET_MS - 60_000, RESET_MS + 1000)
  expect((await reset(first.token)).status).toBe(404)
  expect((await reset(second.token)).status).toBe(200)
  expect((await enter(stack.url, BEN, NEW_PASSWORD)).status).toBe(200)
  const [made] = await logged('password.link_made')
  expect(made).toMatchObject({ actor: { name: 'Carla' }, details: { name: 'Ben' } })
  const [used] = await logged('password.reset')
  expect(used).toMatchObject({ actor: null, details: { name: 'Ben', by: 'link' } })
  expect(JSON.stringify(await logged('password.'))).not.toContain(second.token)
})

test('a mail that a stranger asks for takes no link from whoever was given one by hand', async () => {
  const { token } = await linkFor(ANA)
  const already = mailsTo(ANA).length
  await forgot(ANA)
  await mailTo(ANA, already + 1)
  expect((await reset(token)).status).toBe(200)
})

test('nobody makes a link for themselves, for somebody who may more, or for somebody who is out', async () => {
  const makeFor = async (agentId: string) =>
    carla.trpc.passwords.makeLink.mutate({ agentId }).then(
      () => 'done',
      (error) => error.data?.reason,
    )
  expect(await makeFor(await idOf('carla@demo.baton'))).toBe('WRONG_STATE')
  const agentId = await idOf(DAN)
  await client.sql`update memberships set role = 'owner' where agent_id = ${agentId}`
  expect(await makeFor(agentId)).toBe('FORBIDDEN')
  await client.sql`update memberships set role = 'agent', deactivated_at = now() where agent_id = ${agentId}`
  expect(await makeFor(agentId)).toBe('WRONG_STATE')
  await client.sql`update memberships set deactivated_at = null where agent_id = ${agentId}`
  expect(await makeFor(agentId)).toBe('done')
})

test('who is deactivated is sent nothing', async () => {
  const agentId = await idOf(BEN)
  await client.sql`update memberships set deactivated_at = now() where agent_id = ${agentId}`
  const carlas = mailsTo('carla@demo.baton').length
  expect((await forgot(BEN)).status).toBe(200)
  await forgot('carla@demo.baton')
  await mailTo('carla@demo.baton', carlas + 1)
  await client.sql`update memberships set deactivated_at = null where agent_id = ${agentId}`
  expect(mailsTo(BEN)).toEqual([])
  expect(JSON.stringify(await logged('password.mail_asked'))).toContain('Carla')
})

test('without a mail server the page says so, and nothing is made', async () => {
  const ways = async (url: string) => (await fetch(`${url}/trpc/passwords.ways`)).text()
  expect(await ways(stack.url)).toContain('"byMail":false')
  expect(await ways(mailing.url)).toContain('"byMail":true')
  await client.sql`delete from password_resets`
  expect((await mutate(stack.url, 'passwords.forgot', { email: BEN })).status).toBe(200)
  expect(await client.sql`select 1 from password_resets`).toHaveLength(0)
})
