import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { generateKeyPairSync } from 'node:crypto'
import { z } from 'zod'
import { createLog } from '../../log.ts'
import { type AuthBrowser, authBrowser } from '../../testing/authBrowser.ts'
import { type Ceremony, softKey } from '../../testing/softKey.ts'
import { TEST_PASSWORD, testAccount } from '../../testing/testAccount.ts'
import { type TestWorkspace, testWorkspace } from '../../testing/testWorkspace.ts'
import { type Auth, createAuth } from '../auth.ts'
import { sessionOf } from '../session.ts'
import { createSignInBook } from '../signInBook.ts'
import { handleOf } from './credential.ts'
import { relyingPartyOf } from './relyingParty.ts'

const ORIGIN = 'http://localhost:3000'
let workspace: TestWorkspace
let auth: Auth

beforeAll(async () => {
  workspace = await testWorkspace()
  const { db, sql } = workspace
  const log = createLog({ level: 'silent', name: 'test' })
  const secret = 'a session secret of at least 32 characters'
  auth = createAuth({
    db,
    sql,
    publicUrl: ORIGIN,
    secret,
    log,
    book: createSignInBook({ sql, isDemo: false }),
  })
})
afterAll(() => workspace.drop())

const listed = z.object({
  passkeys: z.array(z.object({ id: z.string(), name: z.string(), lastUsedAt: z.string().nullable() })),
})
const browser = () => authBrowser(auth, ORIGIN)
const whoIsIn = async (who: AuthBrowser) => (await sessionOf(auth, who.headers()))?.agentId ?? null
const passkeysOf = async (who: AuthBrowser) =>
  listed.parse(await (await who.get('/passkey/list')).json()).passkeys

async function asked(who: AuthBrowser, path: string, body: object = {}): Promise<Ceremony> {
  const response = await who.post(path, body)
  expect(response.status).toBe(200)
  return { ...z.object({ challenge: z.string() }).parse(await response.json()), origin: ORIGIN }
}
const askedToAdd = (who: AuthBrowser) => asked(who, '/passkey/add/begin', { password: TEST_PASSWORD })
const askedToSignIn = (who: AuthBrowser) => asked(who, '/passkey/sign-in/begin')
const add = (who: AuthBrowser, credential: object, name = 'Phone') =>
  who.post('/passkey/add/finish', { name, credential })
const enter = (who: AuthBrowser, credential: object) => who.post('/passkey/sign-in/finish', { credential })

/** Somebody with a passkey, in a browser that is signed in. */
async function withPasskey(name: string) {
  const account = await testAccount(workspace, name)
  const here = browser()
  await here.signIn(account.email, TEST_PASSWORD)
  const key = softKey(handleOf(account.agentId))
  expect((await add(here, key.make(await askedToAdd(here)))).status).toBe(200)
  return { ...account, here, key }
}

describe('a passkey', () => {
  test('is added by whoever says the password, and signs in without one', async () => {
    const { agentId, here, key } = await withPasskey('Ana')
    expect(await passkeysOf(here)).toMatchObject([{ name: 'Phone', lastUsedAt: null }])
    const there = browser()
    expect((await enter(there, key.use(await askedToSignIn(there)))).status).toBe(200)
    expect(await whoIsIn(there)).toBe(agentId)
    expect(await passkeysOf(here)).toMatchObject([{ name: 'Phone', lastUsedAt: expect.any(String) }])
    const said = await workspace.sql`
      select action, details->>'way' as way, details->>'name' as name from audit_entries where actor_id = ${agentId} order by id`
    expect(said.map(({ action, way, name }) => [action, way ?? name])).toEqual([
      ['sign_in.done', 'password'],
      ['passkey.added', 'Phone'],
      ['sign_in.done', 'passkey'],
    ])
  })

  test('opens without a code where a second factor is switched on: it is two factors by itself', async () => {
    const { agentId, key } = await withPasskey('Ana')
    await workspace.sql`update agents set two_factor_enabled = true where id = ${agentId}`
    const there = browser()
    await enter(there, key.use(await askedToSignIn(there)))
    expect(await whoIsIn(there)).toBe(agentId)
  })

  test('is not added without the password, nor by whoever is not signed in', async () => {
    const { here } = await withPasskey('Ana')
    expect((await here.post('/passkey/add/begin', { password: 'not the password' })).status).toBe(400)
    expect((await here.post('/passkey/add/begin')).status).toBe(400)
    expect((await browser().post('/passkey/add/begin', { password: TEST_PASSWORD })).status).toBe(401)
    expect((await browser().get('/passkey/list')).status).toBe(401)
  })

  test('is renamed and removed by its owner alone, and then opens nothing', async () => {
    const { here, key } = await withPasskey('Ana')
    const other = await withPasskey('Ben')
    const [passkey] = await passkeysOf(here)
    const id = passkey?.id ?? ''
    expect((await other.here.post('/passkey/rename', { id, name: 'Mine' })).status).toBe(404)
    expect((await other.here.post('/passkey/remove', { id })).status).toBe(404)
    expect((await here.post('/passkey/rename', { id, name: 'Laptop' })).status).toBe(200)
    expect(await passkeysOf(here)).toMatchObject([{ id, name: 'Laptop' }])
    expect((await here.post('/passkey/remove', { id })).status).toBe(200)
    expect(await passkeysOf(here)).toEqual([])
    const there = browser()
    const refused = await enter(there, key.use(await askedToSignIn(there)))
    expect([refused.status, Object(await refused.json()).code]).toEqual([401, 'PASSKEY_NOT_GOOD'])
    expect(await passkeysOf(other.here)).toHaveLength(1)
  })

  test('of somebody who was deactivated or removed opens nothing', async () => {
    const { agentId, key } = await withPasskey('Ana')
    await workspace.sql`update memberships set deactivated_at = now() where agent_id = ${agentId}`
    const there = browser()
    const refused = await enter(there, key.use(await askedToSignIn(there)))
    expect([refused.status, Object(await refused.json()).code]).toEqual([403, 'DEACTIVATED'])
    await workspace.sql`delete from memberships where agent_id = ${agentId}`
    expect((await enter(there, key.use(await askedToSignIn(there)))).status).toBe(403)
    expect(await whoIsIn(there)).toBeNull()
  })

  test('is made no second time of one key, and no more than twenty', async () => {
    const { here, key } = await withPasskey('Ana')
    const ben = await withPasskey('Ben')
    expect((await add(ben.here, key.make(await askedToAdd(ben.here)))).status).toBe(409)
    const { agentId } = ben
    await workspace.sql`
      insert into passkeys (id, agent_id, name, credential_id, public_key, algorithm, counter, transports, is_backed_up)
      select gen_random_uuid(), ${agentId}, 'x', gen_random_uuid()::text, '', -7, 0, '{}', false from generate_series(1, 19)`
    expect((await add(ben.here, softKey().make(await askedToAdd(ben.here)))).status).toBe(409)
    expect(await passkeysOf(here)).toHaveLength(1)
  })
})

describe('what a key answers', () => {
  /** Each way in which an answer can be wrong. */
  const WRONG: [string, Partial<Ceremony>][] = [
    ['comes from a page of another site', { origin: 'https://evil.example' }],
    ['comes from another port', { origin: 'http://localhost:3001' }],
    ['comes from a frame of another site', { crossOrigin: true }],
    ['was made for another site', { rpId: 'evil.example' }],
    ['was given without its owner being verified', { flags: 0x01 }],
    ['was given while nobody was there', { flags: 0x04 }],
    ['answers another challenge', { challenge: Buffer.alloc(32, 1).toString('base64url') }],
    ['is of another ceremony', { type: 'payment.get' }],
  ]

  test.each(WRONG)('is refused when it %s', async (_, wrong) => {
    const { here, key, agentId } = await withPasskey('Carla')
    const there = browser()
    expect((await enter(there, key.use({ ...(await askedToSignIn(there)), ...wrong }))).status).toBe(401)
    expect(await whoIsIn(there)).toBeNull()
    expect(
      (await add(here, softKey(handleOf(agentId)).make({ ...(await askedToAdd(here)), ...wrong }))).status,
    ).toBe(401)
    expect(await passkeysOf(here)).toHaveLength(1)
  })

  test('is refused with the signature of another key, and for another agent than it says', async () => {
    const { key } = await withPasskey('Carla')
    const other = await withPasskey('Deniz')
    const there = browser()
    const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey
    expect((await enter(there, key.use(await askedToSignIn(there), stranger))).status).toBe(401)
    const good = key.use(await askedToSignIn(there))
    const bent = { ...good, userHandle: handleOf(other.agentId).toString('base64url') }
    expect((await enter(there, bent)).status).toBe(401)
    expect((await enter(there, { ...good, id: other.key.id, userHandle: null })).status).toBe(401)
    expect((await enter(there, { ...good, signature: '' })).status).toBe(401)
    expect((await enter(there, { ...good, signature: 'not base64 !' })).status).toBe(400)
    expect((await enter(there, good)).status).toBe(200)
  })

  test('opens once, and only in the browser that was asked', async () => {
    const { key } = await withPasskey('Carla')
    const there = browser()
    const answer = key.use(await askedToSignIn(there))
    expect((await enter(browser(), answer)).status).toBe(401)
    const [first, second] = await Promise.all([enter(there, answer), enter(there, answer)])
    expect([first.status, second.status].toSorted()).toEqual([200, 401])
    expect((await enter(there, answer)).status).toBe(401)
  })

  test('cannot be what another agent was asked for', async () => {
    const ana = await withPasskey('Ana')
    const ben = await withPasskey('Ben')
    const ceremony = await askedToAdd(ana.here)
    expect((await add(ben.here, softKey().make(ceremony))).status).toBe(401)
    expect((await enter(ana.here, ana.key.use(ceremony))).status).toBe(401)
  })

  test('is refused when its counter does not go on, as with a copy', async () => {
    const { key } = await withPasskey('Carla')
    const use = async (counter: number) => {
      const there = browser()
      return (await enter(there, key.use({ ...(await askedToSignIn(there)), counter }))).status
    }
    expect(await use(0)).toBe(200)
    expect(await use(7)).toBe(200)
    expect(await use(7)).toBe(401)
    expect(await use(3)).toBe(401)
    expect(await use(0)).toBe(401)
    expect(await use(8)).toBe(200)
  })

  test('is refused with a key that is too weak, or not of the kind that it says', async () => {
    const { here } = await withPasskey('Carla')
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey
    const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey
    for (const [publicKey, algorithm] of [
      [weak, -257],
      [other, -7],
      [weak, -7],
    ] as const) {
      const made = softKey().make(await askedToAdd(here))
      const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64url')
      expect((await add(here, { ...made, publicKey: spki, algorithm })).status).toBe(401)
    }
    const made = softKey().make(await askedToAdd(here))
    expect((await add(here, { ...made, publicKey: 'AAAA' })).status).toBe(401)
  })
})

test('passkeys are bound to the host that people type, on this machine to localhost', () => {
  expect(relyingPartyOf('https://inbox.example.com').id).toBe('inbox.example.com')
  expect(relyingPartyOf('https://inbox.example.com').origins).toEqual(['https://inbox.example.com'])
  expect(relyingPartyOf('http://127.0.0.1:3000').id).toBe('localhost')
})

test('no answer of the passkeys’ routes carries a token of a session', async () => {
  const { here, key } = await withPasskey('Deniz')
  const there = browser()
  await enter(there, key.use(await askedToSignIn(there)))
  await passkeysOf(there)
  const tokens = [...here.sessionTokens, ...there.sessionTokens]
  const bodies = [...here.bodies, ...there.bodies]
  expect([tokens.length, bodies.length]).toEqual([2, 6])
  for (const token of tokens) expect(bodies.filter((body) => body.includes(token))).toEqual([])
  expect(bodies.filter((body) => /token/i.test(body))).toEqual([])
})
