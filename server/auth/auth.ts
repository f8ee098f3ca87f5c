import { drizzleAdapter } from '@better-auth/drizzle-adapter'
import { betterAuth } from 'better-auth'
import type { Database, Sql } from '../../db/client.ts'
import { accounts, agents, sessions, twoFactors, verifications } from '../../db/schema/index.ts'
import type { Log } from '../log.ts'
import { createAttemptLimit } from './attemptLimit.ts'
import { cookieAttributes, sessionCookieName } from './cookie.ts'
import { factorRules } from './factors/factorRules.ts'
import { secondFactor } from './factors/twoFactor.ts'
import { originsOf } from './origins.ts'
import { passkeys } from './passkeys/passkeyRoutes.ts'
import { createPasswordHash, isPasswordOf, LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts'
import type { SignInBook } from './signInBook.ts'
import { type SignInTries, signInTriesInMemory } from './signInTries.ts'
import { PROVIDER_ID, type Provider, refusalOfProvider, singleSignOn } from './singleSignOn.ts'
import { watchSignIns } from './watchSignIns.ts'
import { withoutTokens } from './withoutTokens.ts'

/** No session lives longer, however busy it is. The 12 idle hours are kept by `session.ts`. */
const ABSOLUTE_LIFE_S = 7 * 24 * 60 * 60

/** The header that carries the caller's address to better-auth. `http/caller.ts` always overwrites it. */
export const CALLER_HEADER = 'x-baton-caller'

/**
 * Routes of better-auth that are shut. Accounts are made by invitation; passwords and sessions have procedures of our own
 * (`server/trpc/passwords.ts`, `sessions.ts`), which write the audit log and end sockets.
 */
const NOT_OURS = [
  '/sign-up/email',
  '/change-password',
  '/set-password',
  '/request-password-reset',
  '/reset-password',
  '/verify-password',
  '/change-email',
  '/update-user',
  '/delete-user',
  '/delete-user/callback',
  '/list-sessions',
  '/revoke-session',
  '/revoke-sessions',
  '/revoke-other-sessions',
  '/update-session',
  '/list-accounts',
  '/link-social',
  '/unlink-account',
  '/account-info',
  '/get-access-token',
  '/refresh-token',
  // What `factors/` does in its own way: it keeps the session at hand, and answers with no key.
  '/two-factor/disable',
  '/two-factor/get-totp-uri',
  '/two-factor/send-otp',
  '/two-factor/verify-otp',
] as const

/** Tries to sign in from one address: a burst for a team that comes in the morning, then one in two seconds. */
const SIGN_IN_LIMIT = { max: 30, window: 60 }

export type AuthOptions = {
  db: Database
  sql: Sql
  publicUrl: string
  secret: string
  log: Log
  signInLimit?: { max: number; window: number }
  /** Wrong passwords of one address for one account; without it, this process counts alone. */
  tries?: SignInTries
  /** Without it nothing is written down, and nobody is kept out who has an account. */
  book?: SignInBook
  /** The company's own sign-in; null: there is none. */
  provider?: Provider | null
}

/**
 * Sessions, passwords and second factors: better-auth over our own tables. Nobody can sign themselves up; agents are made by an
 * administrator. No cookie cache: a session that is deleted ends with the next request.
 */
export function createAuth(options: AuthOptions) {
  const { db, sql, publicUrl, secret, log, signInLimit = SIGN_IN_LIMIT } = options
  const { tries = signInTriesInMemory(), book = null, provider = null } = options
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
    user: {
      modelName: 'agents',
      validateUserInfo: async ({ user, source }) =>
        source.oauth?.providerId === PROVIDER_ID ? refusalOfProvider(sql, user) : undefined,
    },
    account: {
      modelName: 'accounts',
      fields: { userId: 'agentId' },
      updateAccountOnSignIn: false,
      // Addresses are given by administrators and invitations, and nobody can change their own: the provider vouches for them.
      accountLinking: { enabled: true, requireLocalEmailVerified: false },
    },
    // The whole address, for a stranger's answer from a provider names no page to go back to.
    onAPIError: { errorURL: `${publicUrl}/sign-in` },
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
      password: { hash: createPasswordHash, verify: ({ hash, password }) => isPasswordOf(hash, password) },
    },
    disabledPaths: [...NOT_OURS],
    rateLimit: {
      enabled: true,
      customStorage: { get: async () => null, set: async () => {}, ...createAttemptLimit() },
      customRules: {
        '/sign-in/email': signInLimit,
        '/two-factor/verify-totp': signInLimit,
        '/two-factor/verify-backup-code': signInLimit,
        '/two-factor/state': false,
        '/passkey/sign-in/begin': signInLimit,
        '/passkey/sign-in/finish': signInLimit,
        '/sign-in/social': signInLimit,
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
    plugins: [
      secondFactor(),
      passkeys({ sql, publicUrl }),
      ...(provider === null ? [] : [singleSignOn(provider, sql)]),
      factorRules({ sql, tries, book, callerHeader: CALLER_HEADER }),
      watchSignIns({ tries, book, callerHeader: CALLER_HEADER, log }),
    ],
    telemetry: { enabled: false },
    // Its further arguments hold e-mail addresses ("User not found"), so only the sentence is kept.
    logger: {
      log: (level, message) => log[level === 'error' ? 'warn' : level]({ from: 'better-auth' }, message),
    },
  })
  return { ...auth, handler: async (request: Request) => withoutTokens(await auth.handler(request)) }
}

export type Auth = ReturnType<typeof createAuth>
