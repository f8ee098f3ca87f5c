import { drizzleAdapter } from '@better-auth/drizzle-adapter'
import { betterAuth } from 'better-auth'
import type { Database } from '../../db/client.ts'
import { accounts, agents, sessions, verifications } from '../../db/schema/index.ts'
import type { Log } from '../log.ts'
import { createAttemptLimit } from './attemptLimit.ts'
import { cookieAttributes, sessionCookieName } from './cookie.ts'
import { originsOf } from './origins.ts'
import { createPasswordHash, isPasswordOf, LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts'
import type { SignInBook } from './signInBook.ts'
import { type SignInTries, signInTriesInMemory } from './signInTries.ts'
import { watchSignIns } from './watchSignIns.ts'

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
] as const

/** Tries to sign in from one address: a burst for a team that comes in the morning, then one in two seconds. */
const SIGN_IN_LIMIT = { max: 30, window: 60 }

export type AuthOptions = {
  db: Database
  publicUrl: string
  secret: string
  log: Log
  signInLimit?: { max: number; window: number }
  /** Wrong passwords of one address for one account; without it, this process counts alone. */
  tries?: SignInTries
  /** Without it nothing is written down, and nobody is kept out who has an account. */
  book?: SignInBook
}

/**
 * Sessions and passwords: better-auth over our own tables. Nobody can sign themselves up; agents are made by an
 * administrator. No cookie cache: a session that is deleted ends with the next request.
 */
export function createAuth(options: AuthOptions) {
  const { db, publicUrl, secret, log, signInLimit = SIGN_IN_LIMIT } = options
  const { tries = signInTriesInMemory(), book = null } = options
  const attributes = cookieAttributes(publicUrl)
  const name = sessionCookieName(publicUrl)
  return betterAuth({
    appName: 'Baton',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret,
    trustedOrigins: originsOf(publicUrl),
    database: drizzleAdapter(db, { provider: 'pg', schema: { agents, sessions, accounts, verifications } }),
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
      password: { hash: createPasswordHash, verify: ({ hash, password }) => isPasswordOf(hash, password) },
    },
    disabledPaths: [...NOT_OURS],
    rateLimit: {
      enabled: true,
      customStorage: { get: async () => null, set: async () => {}, ...createAttemptLimit() },
      customRules: { '/sign-in/email': signInLimit },
    },
    advanced: {
      useSecureCookies: false,
      disableOriginCheck: false,
      disableCSRFCheck: false,
      cookiePrefix: name,
      defaultCookieAttributes: attributes,
      cookies: { session_token: { name, attributes } },
      database: { generateId: () => Bun.randomUUIDv7() },
      ipAddress: { ipAddressHeaders: [CALLER_HEADER] },
    },
    plugins: [watchSignIns({ tries, book, callerHeader: CALLER_HEADER, log })],
    telemetry: { enabled: false },
    // Its further arguments hold e-mail addresses ("User not found"), so only the sentence is kept.
    logger: {
      log: (level, message) => log[level === 'error' ? 'warn' : level]({ from: 'better-auth' }, message),
    },
  })
}

export type Auth = ReturnType<typeof createAuth>
