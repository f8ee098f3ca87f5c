import { drizzleAdapter } from '@better-auth/drizzle-adapter'
import { betterAuth } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import type { Database, Sql } from '../../db/client.ts'
import { accounts, agents, sessions, twoFactors, verifications } from '../../db/schema/index.ts'
import type { Log } from '../log.ts'
import { createAttemptLimit } from './attemptLimit.ts'
import { cookieAttributes, sessionCookieName } from './cookie.ts'
import { factorRules } from './factors/factorRules.ts'
import { secondFactor } from './factors/twoFactor.ts'
import { originsOf } from './origins.ts'
import { createPasswordHash, isPasswordOf } from './password.ts'
import { withoutTokens } from './withoutTokens.ts'

/** No session lives longer, however busy it is. The 12 idle hours are kept by `session.ts`. */
const ABSOLUTE_LIFE_S = 7 * 24 * 60 * 60
const SHORTEST_PASSWORD = 10
const LONGEST_PASSWORD = 128

/** The header that carries the caller's address to better-auth. `http/caller.ts` always overwrites it. */
export const CALLER_HEADER = 'x-baton-caller'

/** Tries to sign in from one address: a burst for a team that comes in the morning, then one in two seconds. */
const SIGN_IN_LIMIT = { max: 30, window: 60 }

export type AuthOptions = {
  db: Database
  sql: Sql
  publicUrl: string
  secret: string
  log: Log
  signInLimit?: { max: number; window: number }
}

/** Routes that nobody here needs: what answers with secrets, or with tokens of another provider. */
const CLOSED = [
  '/sign-up/email',
  '/two-factor/get-totp-uri',
  '/two-factor/send-otp',
  '/two-factor/verify-otp',
  '/get-access-token',
  '/refresh-token',
  '/account-info',
  '/link-social',
  '/unlink-account',
]

/**
 * Sessions, passwords and second factors: better-auth over our own tables. Nobody can sign themselves up; agents are made by an
 * administrator. No cookie cache: a session that is deleted ends with the next request.
 */
export function createAuth({ db, sql, publicUrl, secret, log, signInLimit = SIGN_IN_LIMIT }: AuthOptions) {
  const attributes = cookieAttributes(publicUrl)
  const name = sessionCookieName(publicUrl)
  const auth = betterAuth({
    appName: 'Baton',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret,
    trustedOrigins: originsOf(publicUrl),
    database: drizzleAdapter(db, {
      provider: 'pg',
      schema: { agents, sessions, accounts, verifications, twoFactors },
    }),
    user: { modelName: 'agents' },
    account: { modelName: 'accounts', fields: { userId: 'agentId' } },
    verification: { modelName: 'verifications' },
    session: {
      modelName: 'sessions',
      fields: { userId: 'agentId' },
      expiresIn: ABSOLUTE_LIFE_S,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
      revokeSessionsOnPasswordReset: true,
      password: { hash: createPasswordHash, verify: ({ hash, password }) => isPasswordOf(hash, password) },
    },
    disabledPaths: CLOSED,
    plugins: [secondFactor(), factorRules(sql)],
    rateLimit: {
      enabled: true,
      customStorage: { get: async () => null, set: async () => {}, ...createAttemptLimit() },
      customRules: {
        '/sign-in/email': signInLimit,
        '/two-factor/verify-totp': signInLimit,
        '/two-factor/verify-backup-code': signInLimit,
        '/two-factor/state': false,
      },
    },
    advanced: {
      useSecureCookies: false,
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // Not the name itself: better-auth takes `baton.something` for a part of the cookie `baton`.
      cookiePrefix: `${name}-auth`,
      defaultCookieAttributes: attributes,
      cookies: { session_token: { name, attributes } },
      database: { generateId: () => Bun.randomUUIDv7() },
      ipAddress: { ipAddressHeaders: [CALLER_HEADER] },
    },
    hooks: {
      // A changed password signs out every other browser, whether or not the page asks for it.
      before: createAuthMiddleware(async (request) => {
        if (request.path !== '/change-password') return
        return { context: { ...request, body: { ...request.body, revokeOtherSessions: true } } }
      }),
    },
    telemetry: { enabled: false },
    // Its further arguments hold e-mail addresses ("User not found"), so only the sentence is kept.
    logger: {
      log: (level, message) => log[level === 'error' ? 'warn' : level]({ from: 'better-auth' }, message),
    },
  })
  return { ...auth, handler: async (request: Request) => withoutTokens(await auth.handler(request)) }
}

export type Auth = ReturnType<typeof createAuth>
