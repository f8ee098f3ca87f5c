import { afterAll, beforeAll, describe, expect, setSystemTime, test } from 'bun:test'
import { z } from 'zod'
import { createLog } from '../../log.ts'
import { type AuthBrowser, authBrowser } from '../../testing/authBrowser.ts'
import { TEST_PASSWORD, testAccount } from '../../testing/testAccount.ts'
import { type TestWorkspace, testWorkspace } from '../../testing/testWorkspace.ts'
import { type Auth, createAuth } from '../auth.ts'
import { sessionOf } from '../session.ts'
import { AT_AN_OPEN_BROWSER, signInTriesInMemory } from '../signInTries.ts'
import { codeAt, STEP_S } from './totp.ts'

const ORIGIN = 'http://localhost:3000'
let workspace: TestWorkspace
let auth: Auth

beforeAll(async () => {
  // The middle of a step, so that none ends between two lines of a test.
  setSystemTime(new Date((Math.floor(Date.now() / 1000 / STEP_S) + 0.5) * STEP_S * 1000))
  workspace = await testWorkspace()
  auth = createAuth(options())
})
afterAll(async () => {
  setSystemTime()
  await workspace.drop()
})

const options = () => ({
  db: workspace.db,
  sql: workspace.sql,
  publicUrl: ORIGIN,
  secret: 'a session secret of at least 32 characters',
  log: createLog({ level: 'silent', name: 'test' }),
})
const browser = () => authBrowser(auth, ORIGIN)
/** Codes of half minutes that are over are gone; so tests that need a fresh one let some pass. */
const letCodesPass = () => setSystemTime(new Date(Date.now() + 4 * STEP_S * 1000))
const isSignedIn = async (who: AuthBrowser) => (await sessionOf(auth, who.headers())) !== null
const codeOf = async (response: Response) => z.object({ code: z.string() }).parse(await response.json()).code
const enabling = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) })

/** What the app on the phone shows, this many steps from now. */
const shown = (key: string, steps = 0) => codeAt(key, Math.floor(Date.now() / 1000 / STEP_S) + steps)

/** Base32, as apps read it from the picture. */
function keyIn(totpURI: string): string {
  const signs = new URL(totpURI).searchParams.get('secret') ?? ''
  const bits = [...signs].map((sign) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'),
  )
  const bytes = bits.join('').match(/.{8}/g) ?? []
  return String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 2)))
}

/** Somebody who has switched it on, in a browser that is signed in. */
async function withSecondFactor(name: string) {
  const account = await testAccount(workspace, name)
  const here = browser()
  expect((await here.signIn(account.email, TEST_PASSWORD)).status).toBe(200)
  const enabled = await here.post('/two-factor/enable', { password: TEST_PASSWORD })
  expect(enabled.status).toBe(200)
  const { totpURI, backupCodes } = enabling.parse(await enabled.json())
  const key = keyIn(totpURI)
  expect((await confirm(here, shown(key))).status).toBe(200)
  letCodesPass()
  return { ...account, here, key, totpURI, backupCodes }
}

/** A browser that has said the right password and is asked for the code. */
async function asked(email: string): Promise<AuthBrowser> {
  const there = browser()
  const response = await there.signIn(email, TEST_PASSWORD)
  expect(await response.json()).toEqual({ twoFactorRedirect: true, twoFactorMethods: ['totp'] })
  return there
}

const confirm = (who: AuthBrowser, code: string) => who.post('/two-factor/confirm', { code })
const enter = (who: AuthBrowser, code: string) => who.post('/two-factor/verify-totp', { code })
const recover = (who: AuthBrowser, code: string) => who.post('/two-factor/verify-backup-code', { code })
const sessionsOf = (agentId: string) => workspace.sql`select id from sessions where agent_id = ${agentId}`
const actsOf = async (actorId: string) =>
  (await workspace.sql`select action from audit_entries where actor_id = ${actorId} order by id`).map(
    ({ action }) => action,
  )

describe('switching the second factor on', () => {
  test('takes the password, and a code that proves that the app has the key', async () => {
    const { email, agentId } = await testAccount(workspace, 'Ana')
    const here = browser()
    await here.signIn(email, TEST_PASSWORD)
    expect(await (await here.get('/two-factor/state')).json()).toEqual({ isOn: false, codesLeft: 0 })
    expect((await here.post('/two-factor/enable', { password: 'not the password' })).status).toBe(400)
    expect((await here.post('/two-factor/enable')).status).toBe(400)
    const { totpURI } = enabling.parse(
      await (await here.post('/two-factor/enable', { password: TEST_PASSWORD })).json(),
    )
    expect((await confirm(here, '000000')).status).toBe(401)
    const other = browser()
    await other.signIn(email, TEST_PASSWORD)
    expect(await isSignedIn(other)).toBe(true)
    expect((await confirm(here, shown(keyIn(totpURI)))).status).toBe(200)
    expect(await (await here.get('/two-factor/state')).json()).toEqual({ isOn: true, codesLeft: 10 })
    expect(await actsOf(agentId)).toEqual(['two_factor.on'])
  })

  test('ends the sessions that were opened without it, and renews the token of the one at hand', async () => {
    const { email, agentId } = await testAccount(workspace, 'Ana')
    const [here, there] = [browser(), browser()]
    await here.signIn(email, TEST_PASSWORD)
    await there.signIn(email, TEST_PASSWORD)
    const before = await sessionOf(auth, here.headers())
    const { totpURI } = enabling.parse(
      await (await here.post('/two-factor/enable', { password: TEST_PASSWORD })).json(),
    )
    await confirm(here, shown(keyIn(totpURI)))
    expect(await isSignedIn(there)).toBe(false)
    expect(await isSignedIn(here)).toBe(true)
    // Its id stays, for the socket of the tab hangs on it; its token does not.
    expect((await sessionOf(auth, here.headers()))?.sessionId).toBe(before?.sessionId ?? '')
    expect(new Set(here.sessionTokens).size).toBe(2)
    expect(await sessionsOf(agentId)).toHaveLength(1)
  })

  test('keeps key and recovery codes encrypted', async () => {
    const { agentId, key, totpURI, backupCodes } = await withSecondFactor('Ana')
    const [row] =
      await workspace.sql`select secret, backup_codes from two_factors where agent_id = ${agentId}`
    const stored = `${row?.secret} ${row?.backupCodes}`
    expect(backupCodes).toHaveLength(10)
    for (const code of backupCodes) {
      expect(code).toMatch(/^[a-km-np-z2-9]{5}-[a-km-np-z2-9]{5}$/)
      expect(stored).not.toContain(code)
    }
    expect(stored).not.toContain(key)
    expect(stored).not.toContain(new URL(totpURI).searchParams.get('secret') ?? '?')
  })

  test('never shows the key again, not even for the password', async () => {
    const { here } = await withSecondFactor('Ana')
    expect((await here.post('/two-factor/get-totp-uri', { password: TEST_PASSWORD })).status).toBe(404)
    expect((await here.post('/two-factor/enable', { password: TEST_PASSWORD })).status).toBe(400)
  })
})

describe('signing in with a second factor', () => {
  test('opens nothing before the code, and everything after it', async () => {
    const { email, agentId, key } = await withSecondFactor('Ben')
    const before = await sessionsOf(agentId)
    const there = await asked(email)
    expect(there.sessionTokens).toEqual([])
    expect(await isSignedIn(there)).toBe(false)
    expect(await sessionsOf(agentId)).toHaveLength(before.length)
    expect((await enter(there, shown(key))).status).toBe(200)
    expect(await isSignedIn(there)).toBe(true)
  })

  test('takes the code of the step before and after, for clocks that are not exact, and no other', async () => {
    const { email, key } = await withSecondFactor('Ben')
    for (const steps of [-3, 3]) expect((await enter(await asked(email), shown(key, steps))).status).toBe(401)
    expect((await enter(await asked(email), shown(key, -1))).status).toBe(200)
    expect((await enter(await asked(email), shown(key, 1))).status).toBe(200)
  })

  test('a code opens once, also when it is sent twice in the same instant', async () => {
    const { email, key } = await withSecondFactor('Ben')
    const code = shown(key)
    const both = await Promise.all([asked(email), asked(email)])
    const answers = await Promise.all(both.map((there) => enter(there, code)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401])
    const late = await asked(email)
    expect(await codeOf(await enter(late, code))).toBe('INVALID_CODE')
    expect(await codeOf(await enter(late, shown(key, -1)))).toBe('INVALID_CODE')
    expect((await enter(late, shown(key, 1))).status).toBe(200)
  })

  test('asks every time, also a browser that wishes to be trusted', async () => {
    const { email, key } = await withSecondFactor('Ben')
    const there = await asked(email)
    const trusted = await there.post('/two-factor/verify-totp', { code: shown(key), trustDevice: true })
    expect(trusted.status).toBe(200)
    expect(trusted.headers.getSetCookie().filter((line) => line.includes('trust'))).toEqual([])
    await there.post('/sign-out')
    expect(await (await there.signIn(email, TEST_PASSWORD)).json()).toMatchObject({ twoFactorRedirect: true })
  })

  test('a recovery code opens once', async () => {
    const { email, agentId, backupCodes, here } = await withSecondFactor('Ben')
    const [code = ''] = backupCodes
    const both = await Promise.all([asked(email), asked(email)])
    const answers = await Promise.all(both.map((there) => recover(there, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await codeOf(await recover(await asked(email), code))).toBe('INVALID_BACKUP_CODE')
    expect(await (await here.get('/two-factor/state')).json()).toEqual({ isOn: true, codesLeft: 9 })
    expect(await actsOf(agentId)).toEqual(['two_factor.on'])
  })

  test('new recovery codes take the place of the old ones', async () => {
    const { email, agentId, backupCodes, here } = await withSecondFactor('Ben')
    expect((await here.post('/two-factor/generate-backup-codes', { password: 'not it' })).status).toBe(400)
    const renewed = await here.post('/two-factor/generate-backup-codes', { password: TEST_PASSWORD })
    const codes = enabling.shape.backupCodes.parse(Object(await renewed.json()).backupCodes)
    expect(codes).toHaveLength(10)
    expect(codes.filter((code) => backupCodes.includes(code))).toEqual([])
    expect((await recover(await asked(email), backupCodes[3] ?? '')).status).toBe(401)
    expect((await recover(await asked(email), codes[3] ?? '')).status).toBe(200)
    expect(await actsOf(agentId)).toEqual(['two_factor.on', 'two_factor.codes_renewed'])
  })

  test('says so when the secret of the sessions was changed, with which the key was encrypted', async () => {
    const { email, key, backupCodes } = await withSecondFactor('Ben')
    const { db, sql } = workspace
    const log = createLog({ level: 'silent', name: 'test' })
    const changed = createAuth({
      db,
      sql,
      publicUrl: ORIGIN,
      secret: 'quite another secret of 32 characters',
      log,
    })
    const there = authBrowser(changed, ORIGIN)
    await there.signIn(email, TEST_PASSWORD)
    expect(await codeOf(await enter(there, shown(key)))).toBe('FACTOR_UNREADABLE')
    expect(await codeOf(await recover(there, backupCodes[0] ?? ''))).toBe('FACTOR_UNREADABLE')
    expect((await enter(await asked(email), shown(key))).status).toBe(200)
  })

  test('asks for the password alone once it is switched off, which takes the password', async () => {
    const { email, agentId, here } = await withSecondFactor('Ben')
    expect((await here.post('/two-factor/off', { password: 'not the password' })).status).toBe(400)
    expect((await here.post('/two-factor/off', { password: TEST_PASSWORD })).status).toBe(200)
    expect(await isSignedIn(here)).toBe(true)
    const there = browser()
    await there.signIn(email, TEST_PASSWORD)
    expect(await isSignedIn(there)).toBe(true)
    expect(await workspace.sql`select 1 from two_factors where agent_id = ${agentId}`).toHaveLength(0)
    expect(await actsOf(agentId)).toEqual(['two_factor.on', 'two_factor.off'])
  })
})

describe('guessing', () => {
  test('at codes ends after five tries with one password, and the right code comes too late', async () => {
    const { email, key } = await withSecondFactor('Carla')
    const there = await asked(email)
    for (const _ of Array(5)) expect(await codeOf(await enter(there, '000000'))).toBe('INVALID_CODE')
    expect(await codeOf(await enter(there, shown(key)))).toBe('TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE')
    expect(await codeOf(await enter(there, shown(key, 1)))).toBe('INVALID_TWO_FACTOR_COOKIE')
  })

  test('is not helped by tries in the same instant', async () => {
    const { email } = await withSecondFactor('Carla')
    const there = await asked(email)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => enter(there, `00000${at % 10}`)))
    const codes = await Promise.all(answers.map(codeOf))
    expect(codes.filter((code) => code === 'INVALID_CODE').length).toBeLessThanOrEqual(5)
  })

  test('closes the second factor of the account after ten in a row, for recovery codes too, and opens it again later', async () => {
    const { email, agentId, key, backupCodes } = await withSecondFactor('Carla')
    for (const _ of Array(2)) {
      const there = await asked(email)
      for (const _ of Array(5)) await recover(there, 'aaaaa-aaaaa')
    }
    expect(await codeOf(await enter(await asked(email), shown(key)))).toBe('ACCOUNT_TEMPORARILY_LOCKED')
    expect(await codeOf(await recover(await asked(email), backupCodes[0] ?? ''))).toBe(
      'ACCOUNT_TEMPORARILY_LOCKED',
    )
    const [row] = await workspace.sql`
      update two_factors set locked_until = now() - interval '1 minute' where agent_id = ${agentId}
      returning failed_verification_count`
    expect(row?.failedVerificationCount).toBe(10)
    expect((await recover(await asked(email), backupCodes[0] ?? '')).status).toBe(200)
  })

  test('at the password is counted with the tries where it is changed, and forgotten after the right one', async () => {
    const tries = signInTriesInMemory(3)
    const limited = createAuth({ ...options(), tries })
    const { email, agentId } = await testAccount(workspace, 'Ana')
    const here = authBrowser(limited, ORIGIN)
    await here.signIn(email, TEST_PASSWORD)
    const enable = async (password: string) => {
      here.move() // another limit counts what comes from one address
      return (await here.post('/two-factor/enable', { password })).status
    }
    expect([await enable('no'), await enable('neither')]).toEqual([400, 400])
    expect(await enable(TEST_PASSWORD)).toBe(200)
    expect([await enable('no'), await enable('neither'), await enable('nor this')]).toEqual([400, 400, 400])
    expect(await enable(TEST_PASSWORD)).toBe(429)
    expect(await tries.isShut(agentId, AT_AN_OPEN_BROWSER)).toBe(true)
  })

  test('at the password from an open browser is limited, from whatever address, and keeps nobody out', async () => {
    const { email, here, key } = await withSecondFactor('Carla')
    const there = await asked(email)
    await enter(there, shown(key))
    const guess = (who: AuthBrowser, path: string) => who.post(path, { password: 'a guess' })
    // One address may ask each of these three times in ten seconds.
    for (const [who, path] of [
      [here, '/two-factor/enable'],
      [here, '/two-factor/off'],
      [there, '/two-factor/enable'],
    ] as const)
      for (const _ of Array(3)) expect((await guess(who, path)).status).toBe(400)
    expect((await guess(there, '/two-factor/off')).status).toBe(400)
    const eleventh = await there.post('/two-factor/off', { password: TEST_PASSWORD })
    expect(eleventh.status).toBe(429)
    expect(Number(eleventh.headers.get('retry-after'))).toBeGreaterThan(0)
    await asked(email)
  })
})

describe('no answer of better-auth', () => {
  test('carries a token of a session in its body', async () => {
    const { email, key, here, backupCodes } = await withSecondFactor('Deniz')
    const there = await asked(email)
    await enter(there, shown(key, 1))
    const third = await asked(email)
    await recover(third, backupCodes[0] ?? '')
    for (const path of [
      '/get-session',
      '/list-sessions',
      '/two-factor/state',
      '/list-accounts',
      '/ok',
      '/error',
    ])
      await there.get(path)
    await there.post('/two-factor/generate-backup-codes', { password: TEST_PASSWORD })
    expect((await there.post('/two-factor/off', { password: TEST_PASSWORD })).status).toBe(200)
    await there.post('/sign-out')
    const bodies = [here, there, third].flatMap((who) => who.bodies)
    const tokens = [here, there, third].flatMap((who) => who.sessionTokens)
    expect(new Set(tokens).size).toBeGreaterThanOrEqual(5)
    expect(bodies.length).toBeGreaterThan(15)
    for (const token of tokens) {
      expect(token.length).toBeGreaterThan(20)
      expect(bodies.filter((body) => body.includes(token))).toEqual([])
    }
    expect(bodies.filter((body) => /token/i.test(body))).toEqual([])
  })

  test('hides the session itself: whoever asks is told when it ends, and whose it is', async () => {
    const { email, agentId } = await testAccount(workspace, 'Deniz')
    const here = browser()
    expect(await (await here.signIn(email, TEST_PASSWORD)).json()).toMatchObject({
      user: { id: agentId, email },
    })
    const told = z.object({ session: z.looseObject({}) }).parse(await (await here.get('/get-session')).json())
    expect(Object.keys(told.session)).toContain('expiresAt')
    expect(Object.keys(told.session)).not.toContain('token')
  })
})
