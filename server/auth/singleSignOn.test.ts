import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { createLog } from '../log.ts'
import { type AuthBrowser, authBrowser } from '../testing/authBrowser.ts'
import { type OidcProvider, startOidcProvider } from '../testing/oidcProvider.ts'
import { TEST_PASSWORD, testAccount } from '../testing/testAccount.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { type Auth, createAuth } from './auth.ts'
import { sessionOf } from './session.ts'
import { createSignInBook } from './signInBook.ts'

const ORIGIN = 'http://localhost:3000'
const SECRET = 'a session secret of at least 32 characters'
const log = createLog({ level: 'silent', name: 'test' })
let workspace: TestWorkspace
let provider: OidcProvider
let auth: Auth

beforeAll(async () => {
  workspace = await testWorkspace()
  provider = startOidcProvider()
  auth = withProvider({ ...provider, name: 'Linden' })
})
afterAll(async () => {
  provider.stop()
  await workspace.drop()
})
beforeEach(() => {
  Object.assign(provider, { isForged: false, isSilent: false, bend: (claims: object) => claims })
})

function withProvider(its: Pick<OidcProvider, 'issuer' | 'clientId' | 'clientSecret'> & { name: string }) {
  const { db, sql } = workspace
  const book = createSignInBook({ sql, isDemo: false })
  return createAuth({ db, sql, publicUrl: ORIGIN, secret: SECRET, log, book, provider: its })
}

const browser = (its = auth) => authBrowser(its, ORIGIN)
const whoIsIn = async (who: AuthBrowser) => (await sessionOf(auth, who.headers()))?.agentId ?? null

/** Presses the button: the address of the provider that it leads to. */
async function leave(who: AuthBrowser): Promise<URL> {
  const body = { provider: 'oidc', callbackURL: '/c/7', errorCallbackURL: '/sign-in' }
  const response = await who.post('/sign-in/social', body)
  expect(response.status).toBe(200)
  return new URL(z.object({ url: z.string() }).parse(await response.json()).url)
}

/** What the provider sends the browser back to, below `/api/auth`. */
async function cameBack(to: URL): Promise<string> {
  const response = await fetch(to, { redirect: 'manual' })
  const back = new URL(response.headers.get('location') ?? '')
  expect(back.origin + back.pathname).toBe(`${ORIGIN}/api/auth/callback/oidc`)
  return `/callback/oidc${back.search}`
}

/** The whole way, as whoever the provider vouches for; answers with where the browser ends up. */
async function signInAs(who: AuthBrowser, claims: object): Promise<string> {
  provider.claims = { sub: crypto.randomUUID(), name: 'Somebody', email_verified: true, ...claims }
  const response = await who.get(await cameBack(await leave(who)))
  expect(response.status).toBe(302)
  return (response.headers.get('location') ?? '').replace(ORIGIN, '')
}

const rows = async (table: 'agents' | 'accounts' | 'sessions') =>
  (await workspace.sql`select count(*)::int as count from ${workspace.sql(table)}`)[0]?.count

describe('single sign-on', () => {
  test('lets an agent in whose verified address the provider vouches for, back to where they came from', async () => {
    const { agentId, email } = await testAccount(workspace, 'Ana')
    const here = browser()
    expect(await signInAs(here, { email: email.toUpperCase(), sub: 'ana' })).toBe('/c/7')
    expect(await whoIsIn(here)).toBe(agentId)
    const [account] = await workspace.sql`
      select account_id, access_token, refresh_token, id_token from accounts
      where agent_id = ${agentId} and provider_id = 'oidc'`
    expect({ ...account }).toEqual({ accountId: 'ana', accessToken: null, refreshToken: null, idToken: null })
    const said = await workspace.sql`select action from audit_entries where actor_id = ${agentId} order by id`
    expect(said.map(({ action }) => action)).toEqual(['single_sign_on.linked', 'sign_in.done'])
  })

  test('asks with PKCE, a state and a nonce, for the address and nothing more', async () => {
    const asked = (await leave(browser())).searchParams
    expect(asked.get('response_type')).toBe('code')
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(asked.get('code_challenge')?.length).toBeGreaterThan(40)
    for (const name of ['state', 'nonce']) expect(asked.get(name)?.length).toBeGreaterThan(30)
    expect(asked.get('scope')?.split(' ').toSorted()).toEqual(['email', 'openid', 'profile'])
    expect(asked.toString()).not.toContain(provider.clientSecret)
  })

  test('knows an agent again whose address has changed at the provider', async () => {
    const { agentId, email } = await testAccount(workspace, 'Ana')
    await signInAs(browser(), { email, sub: 'moved' })
    const here = browser()
    await signInAs(here, { email: 'ana.new@example.com', sub: 'moved' })
    expect(await whoIsIn(here)).toBe(agentId)
  })

  test('leaves the password as it is', async () => {
    const { email, agentId } = await testAccount(workspace, 'Ana')
    await signInAs(browser(), { email })
    const here = browser()
    await here.signIn(email, TEST_PASSWORD)
    expect(await whoIsIn(here)).toBe(agentId)
  })

  test('makes no account for whoever has none', async () => {
    const before = [await rows('agents'), await rows('accounts'), await rows('sessions')]
    const here = browser()
    expect(await signInAs(here, { email: 'stranger@example.com' })).toBe('/sign-in?error=signup_disabled')
    const wish = { provider: 'oidc', callbackURL: '/', errorCallbackURL: '/sign-in', requestSignUp: true }
    const { url } = z
      .object({ url: z.string() })
      .parse(await (await here.post('/sign-in/social', wish)).json())
    const response = await here.get(await cameBack(new URL(url)))
    expect(response.headers.get('location')).toContain('error=signup_disabled')
    expect([await rows('agents'), await rows('accounts'), await rows('sessions')]).toEqual(before)
    expect(await whoIsIn(here)).toBeNull()
  })

  test('refuses an address that the provider does not vouch for, the first time and later', async () => {
    const { email } = await testAccount(workspace, 'Ben')
    const here = browser()
    for (const emailVerified of [false, 'false', undefined, null])
      expect(await signInAs(here, { email, sub: 'ben', email_verified: emailVerified })).toBe(
        '/sign-in?error=account_not_linked',
      )
    expect(await signInAs(browser(), { email, sub: 'ben' })).toBe('/c/7')
    expect(await signInAs(here, { email, sub: 'ben', email_verified: false })).toStartWith(
      '/sign-in?error=email_not_verified',
    )
    expect(await whoIsIn(here)).toBeNull()
  })

  test('refuses whoever was deactivated or removed, and links nothing to them', async () => {
    const { email, agentId } = await testAccount(workspace, 'Ben')
    const gone = await testAccount(workspace, 'Carla')
    await signInAs(browser(), { email, sub: 'deactivated' })
    await workspace.sql`update memberships set deactivated_at = now() where agent_id = ${agentId}`
    await workspace.sql`delete from memberships where agent_id = ${gone.agentId}`
    const here = browser()
    expect(await signInAs(here, { email, sub: 'deactivated' })).toStartWith('/sign-in?error=deactivated')
    expect(await signInAs(here, { email: gone.email, sub: 'gone' })).toStartWith('/sign-in?error=deactivated')
    expect(await whoIsIn(here)).toBeNull()
    expect(await workspace.sql`select 1 from accounts where account_id = 'gone'`).toHaveLength(0)
  })
})

describe('what comes back from the provider', () => {
  test.each([
    ['answers another nonce', { nonce: 'another' }],
    ['answers no nonce', { nonce: undefined }],
    ['is for another client', { aud: 'another' }],
    ['is of another issuer', { iss: 'https://evil.example' }],
    ['is over', { exp: Math.floor(Date.now() / 1000) - 3600 }],
    ['names nobody', { sub: undefined }],
  ])('opens nothing when its token %s', async (_, bent) => {
    const { email } = await testAccount(workspace, 'Deniz')
    provider.bend = (claims) => ({ ...claims, ...bent })
    const here = browser()
    expect(await signInAs(here, { email })).toStartWith('/sign-in?error=')
    expect(await whoIsIn(here)).toBeNull()
  })

  test('opens nothing when its token is signed by another key', async () => {
    const { email } = await testAccount(workspace, 'Deniz')
    provider.isForged = true
    const here = browser()
    expect(await signInAs(here, { email })).toStartWith('/sign-in?error=')
    expect(await whoIsIn(here)).toBeNull()
  })

  test('opens nothing with a state that is wrong, missing, used, or of another browser', async () => {
    const { email, agentId } = await testAccount(workspace, 'Deniz')
    provider.claims = { sub: 'state', email, email_verified: true }
    const [here, there] = [browser(), browser()]
    const back = await cameBack(await leave(here))
    for (const [who, path] of [
      [here, back.replace(/state=[^&]+/, 'state=another')],
      [here, back.replace(/state=[^&]+&?/, '')],
      [there, back],
    ] as const) {
      const response = await who.get(path)
      expect(response.headers.get('location')).toMatch(/\/sign-in\?.*error=/)
      expect(await whoIsIn(who)).toBeNull()
    }
    const again = await cameBack(await leave(here))
    await here.get(again)
    expect(await whoIsIn(here)).toBe(agentId)
    await here.post('/sign-out')
    await here.get(again)
    expect(await whoIsIn(here)).toBeNull()
  })

  test('is taken from the provider alone: nobody hands a token in, and nobody is led away from here', async () => {
    const here = browser()
    const idToken = { token: 'a.b.c', nonce: 'x' }
    expect((await here.post('/sign-in/social', { provider: 'oidc', idToken })).status).toBe(400)
    for (const name of ['callbackURL', 'errorCallbackURL'])
      expect(
        (await here.post('/sign-in/social', { provider: 'oidc', [name]: 'https://evil.example' })).status,
      ).toBe(403)
  })
})

describe('a provider that does not answer', () => {
  test('keeps nobody out who has a password, and is asked again', async () => {
    const { email, agentId } = await testAccount(workspace, 'Ana')
    provider.isSilent = true
    const late = withProvider({ ...provider, name: 'Linden' })
    const here = browser(late)
    expect((await here.signIn(email, TEST_PASSWORD)).status).toBe(200)
    provider.isSilent = false
    const there = browser(late)
    provider.claims = { sub: 'late', email, email_verified: true }
    await there.get(await cameBack(await leave(there)))
    expect(await whoIsIn(there)).toBe(agentId)
  })

  test('is no way in when none is configured', async () => {
    const { db, sql } = workspace
    const without = createAuth({ db, sql, publicUrl: ORIGIN, secret: SECRET, log })
    expect((await browser(without).post('/sign-in/social', { provider: 'oidc' })).status).toBe(404)
  })
})

test('no answer on the way carries a token of a session', async () => {
  const { email } = await testAccount(workspace, 'Ana')
  const here = browser()
  await signInAs(here, { email })
  await here.get('/get-session')
  expect([here.sessionTokens.length, here.bodies.length]).toEqual([1, 3])
  for (const token of here.sessionTokens)
    expect(here.bodies.filter((body) => body.includes(token))).toEqual([])
})
