import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import {
  accounts,
  agents,
  memberships,
  sessions,
  teamMembers,
  teams,
  workspaces,
} from '../../db/schema/index.ts'
import { createLog } from '../log.ts'
import { type TestDatabase, testDatabase } from '../testing/testDatabase.ts'
import { agentOf, agentOfSession } from './agentOf.ts'
import { type Auth, CALLER_HEADER, createAuth } from './auth.ts'
import { liveSessions } from './liveSessions.ts'
import { createPasswordHash } from './password.ts'
import { IDLE_LIFE_MS, sessionOf } from './session.ts'
import { sessionOfCookie } from './sessionOfCookie.ts'

const HTTP = 'http://localhost:3000'
const HTTPS = 'https://inbox.example.com'
const PASSWORD = 'correct horse battery'
const DAY_MS = 24 * 60 * 60 * 1000
const agentId = Bun.randomUUIDv7()
const workspaceId = Bun.randomUUIDv7()
const log = createLog({ level: 'silent', name: 'test' })
const secret = 'a session secret of at least 32 characters'

let database: TestDatabase
let client: DatabaseClient
let onHttp: Auth
let onHttps: Auth

beforeAll(async () => {
  database = await testDatabase()
  client = openDatabase(database.url)
  const teamId = Bun.randomUUIDv7()
  const { db } = client
  await db.insert(workspaces).values({ id: workspaceId, name: 'Linden & Oak' })
  await db.insert(agents).values({ id: agentId, name: 'Ana', email: 'ana@example.com' })
  await db.insert(accounts).values({
    id: Bun.randomUUIDv7(),
    agentId,
    accountId: agentId,
    providerId: 'credential',
    password: await createPasswordHash(PASSWORD),
  })
  await db.insert(memberships).values({ workspaceId, agentId, role: 'agent' })
  await db.insert(teams).values({ id: teamId, workspaceId, name: 'Support' })
  await db.insert(teamMembers).values({ teamId, agentId })
  onHttp = createAuth({ db, sql: client.sql, publicUrl: HTTP, secret, log })
  onHttps = createAuth({ db, sql: client.sql, publicUrl: HTTPS, secret, log })
})

afterAll(async () => {
  await client.close()
  await database.drop()
})

let callers = 0
/** Each call comes from an address of its own, so that the limit does not join tests. */
function post(auth: Auth, origin: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  return auth.handler(
    new Request(`${origin}/api/auth${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin,
        [CALLER_HEADER]: `10.0.0.${callers++ % 250}`,
        ...headers,
      },
      body: JSON.stringify(body),
    }),
  )
}

const signIn = (auth: Auth, origin: string, password = PASSWORD, headers: Record<string, string> = {}) =>
  post(auth, origin, '/sign-in/email', { email: 'ana@example.com', password }, headers)

async function signedIn(auth = onHttp, origin = HTTP): Promise<Headers> {
  const response = await signIn(auth, origin)
  expect(response.status).toBe(200)
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  return new Headers({ cookie })
}

describe('signing in', () => {
  test('over https sets a host cookie and nothing else', async () => {
    const cookies = (await signIn(onHttps, HTTPS)).headers.getSetCookie()
    expect(cookies).toHaveLength(1)
    const [pair, ...attributes] = (cookies[0] ?? '').split('; ')
    expect(pair).toMatch(/^__Host-baton=.+/)
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax', 'Secure'])
  })

  test('over http on this machine sets a plain cookie that scripts cannot read', async () => {
    const cookies = (await signIn(onHttp, HTTP)).headers.getSetCookie()
    expect(cookies).toHaveLength(1)
    const [pair, ...attributes] = (cookies[0] ?? '').split('; ')
    expect(pair).toMatch(/^baton=.+/)
    expect(attributes.toSorted()).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax'])
  })

  test('works from the other name of this machine too, and from no other origin', async () => {
    expect((await signIn(onHttp, HTTP, PASSWORD, { origin: 'http://127.0.0.1:3000' })).status).toBe(200)
    for (const origin of [
      'https://evil.example',
      'http://localhost:3001',
      'http://localhost:3000.evil.example',
    ]) {
      expect((await signIn(onHttp, HTTP, PASSWORD, { origin })).status).toBe(403)
    }
    expect((await signIn(onHttps, HTTPS, PASSWORD, { origin: HTTP })).status).toBe(403)
  })

  test('with a wrong password is 401, and so is an address that nobody has', async () => {
    const wrong = await signIn(onHttp, HTTP, 'not the password')
    expect(wrong.status).toBe(401)
    expect(wrong.headers.getSetCookie()).toEqual([])
    const nobody = await post(onHttp, HTTP, '/sign-in/email', {
      email: 'nobody@example.com',
      password: PASSWORD,
    })
    expect(nobody.status).toBe(401)
    expect(await nobody.json()).toEqual(await wrong.json())
  })

  test('is not open to strangers', async () => {
    const response = await post(onHttp, HTTP, '/sign-up/email', {
      email: 'new@example.com',
      password: PASSWORD,
      name: 'New',
    })
    expect(response.ok).toBe(false)
    expect(await client.db.select().from(agents)).toHaveLength(1)
  })

  test('is limited for each address, not for all together', async () => {
    const auth = createAuth({
      db: client.db,
      sql: client.sql,
      publicUrl: HTTP,
      secret,
      log,
      signInLimit: { max: 2, window: 60 },
    })
    const from = (address: string) => signIn(auth, HTTP, 'wrong password', { [CALLER_HEADER]: address })
    expect((await from('192.0.2.1')).status).toBe(401)
    expect((await from('192.0.2.1')).status).toBe(401)
    expect((await from('192.0.2.1')).status).toBe(429)
    expect((await from('192.0.2.2')).status).toBe(401)
  })

  test('stores a password as argon2id of at least 19 MiB', async () => {
    const [account] = await client.db.select().from(accounts)
    expect(account?.password).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
  })
})

describe('a session', () => {
  test('belongs to its agent, and has an id that is a UUID of version 7', async () => {
    const session = await sessionOf(onHttp, await signedIn())
    expect(session?.agentId).toBe(agentId)
    expect(session?.sessionId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/)
    const left = (session?.expiresAt.getTime() ?? 0) - Date.now()
    expect(left).toBeGreaterThan(IDLE_LIFE_MS - 60_000)
    expect(left).toBeLessThanOrEqual(IDLE_LIFE_MS)
  })

  test('is not found without a cookie, nor with a forged one', async () => {
    const headers = await signedIn()
    expect(await sessionOf(onHttp, new Headers())).toBeNull()
    expect(await sessionOf(onHttp, new Headers({ cookie: 'baton=abc.def' }))).toBeNull()
    const forged = (headers.get('cookie') ?? '').replace('baton=', 'baton=x')
    expect(await sessionOf(onHttp, new Headers({ cookie: forged }))).toBeNull()
  })

  test('ends after twelve idle hours, for better-auth as well', async () => {
    const headers = await signedIn()
    const session = await sessionOf(onHttp, headers)
    const almost = new Date(Date.now() + IDLE_LIFE_MS - 60_000)
    expect(await sessionOf(onHttp, headers, almost)).not.toBeNull()
    const later = new Date(almost.getTime() + IDLE_LIFE_MS - 60_000)
    expect(await sessionOf(onHttp, headers, later)).not.toBeNull()
    expect(await sessionOf(onHttp, headers, new Date(later.getTime() + IDLE_LIFE_MS))).toBeNull()
    expect(
      await client.db
        .select()
        .from(sessions)
        .where(eq(sessions.id, session?.sessionId ?? '')),
    ).toEqual([])
    expect(await onHttp.api.getSession({ headers })).toBeNull()
  })

  test('ends after seven days, however busy it is', async () => {
    const headers = await signedIn()
    const session = await sessionOf(onHttp, headers)
    const [row] = await client.db
      .select()
      .from(sessions)
      .where(eq(sessions.id, session?.sessionId ?? ''))
    const life = (row?.expiresAt.getTime() ?? 0) - (row?.createdAt.getTime() ?? 0)
    expect(Math.abs(life - 7 * DAY_MS)).toBeLessThan(60_000)
    await sessionOf(onHttp, headers, new Date(Date.now() + 60 * 60 * 1000))
    const [used] = await client.db
      .select()
      .from(sessions)
      .where(eq(sessions.id, session?.sessionId ?? ''))
    expect(used?.updatedAt.getTime()).toBeGreaterThan(row?.updatedAt.getTime() ?? 0)
    expect(used?.expiresAt).toEqual(row?.expiresAt ?? new Date(0))
  })

  test('is found by its cookie without better-auth, which is asked of everything that is not plain', async () => {
    let asked = 0
    const careful = async (headers: Headers) => {
      asked++
      return sessionOf(onHttp, headers)
    }
    const find = sessionOfCookie({ sql: client.sql, secret, publicUrl: HTTP }, careful)
    const headers = await signedIn()
    const cookie = headers.get('cookie') ?? ''
    const known = await sessionOf(onHttp, headers)
    const found = await find(headers)
    expect({ ...found, expiresAt: null }).toEqual({ ...known, expiresAt: null })
    expect(asked).toBe(0)
    const [token = '', signature = ''] = decodeURIComponent(cookie.slice('baton='.length)).split('.')
    const forged = [
      `baton=${encodeURIComponent(`${token}.${signature.slice(0, -4)}AAA=`)}`,
      `baton=${encodeURIComponent(`${token}x.${signature}`)}`,
      `baton=${token}`,
      `baton=${token}.`,
      'baton=%E0%A4%A',
      `baton=other.x; ${cookie}`,
      '',
    ]
    for (const [index, one] of forged.entries()) {
      expect([one, await find(new Headers(one ? { cookie: one } : {}))]).toEqual([one, null])
      expect(asked).toBe(index + 1)
    }
    const id = known?.sessionId ?? ''
    const long = new Date(Date.now() + 10 * 60 * 1000)
    await sessionOfCookie({ sql: client.sql, secret, publicUrl: HTTP }, careful, () => long)(headers)
    expect(asked).toBe(forged.length + 1) // its use has to be noted
    await client.db.delete(sessions).where(eq(sessions.id, id))
    expect(await find(headers)).toBeNull()
  })

  test('that is deleted is gone at once', async () => {
    const headers = await signedIn()
    const session = await sessionOf(onHttp, headers)
    const id = session?.sessionId ?? ''
    expect(await liveSessions(client.db, [id])).toEqual(new Set([id]))
    expect((await agentOfSession(client.sql, id))?.id).toBe(agentId)
    const idle = new Date(Date.now() + IDLE_LIFE_MS)
    expect(await agentOfSession(client.sql, id, idle)).toBeNull()
    expect(await liveSessions(client.db, [id], idle)).toEqual(new Set())
    await client.db.delete(sessions).where(eq(sessions.id, id))
    expect(await agentOfSession(client.sql, id)).toBeNull()
    expect(await sessionOf(onHttp, headers)).toBeNull()
    expect(await liveSessions(client.db, [id])).toEqual(new Set())
  })

  test('is not changed, listed or ended by routes of better-auth, nor is a password', async () => {
    const cookie = (await signedIn()).get('cookie') ?? ''
    const passwords = { currentPassword: PASSWORD, newPassword: 'another horse battery' }
    for (const path of [
      '/change-password',
      '/set-password',
      '/revoke-sessions',
      '/update-user',
      '/delete-user',
    ])
      expect([path, (await post(onHttp, HTTP, path, passwords, { cookie })).status]).toEqual([path, 404])
    expect((await signIn(onHttp, HTTP)).status).toBe(200)
  })
})

describe('an agent', () => {
  test('has a workspace, a role and teams', async () => {
    expect(await agentOf(client.sql, agentId)).toMatchObject({
      id: agentId,
      name: 'Ana',
      email: 'ana@example.com',
      workspaceId,
      role: 'agent',
      teamIds: [expect.any(String)],
    })
  })

  test('who is nobody, or in no workspace, is null', async () => {
    expect(await agentOf(client.sql, Bun.randomUUIDv7())).toBeNull()
  })
})
