import { z } from 'zod'
import { areFaults } from './failPoint.ts'
import { trustedProxies } from './http/caller.ts'
import { isPublicPlace, PUBLIC_DEMO_WORDS } from './publicDemo.ts'
import { readKey } from './secrets/keyRing.ts'

/** What a process of Baton can do; `ROLES` picks. */
export const ROLES = ['server', 'consume', 'send', 'jobs'] as const
export type Role = (typeof ROLES)[number]

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '[::1]']
const SHORTEST_SECRET = 32

/** A variable that is set to nothing counts as not set: `FOO=` is how people leave a line of `.env.example` empty. */
const filled = (value: unknown) => (typeof value === 'string' && value.trim() === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(filled, schema.optional())
const defaulted = <T extends z.ZodType>(schema: T, value: string) =>
  z.preprocess((given) => filled(given) ?? value, schema)
const required = <T extends z.ZodType<unknown, string>>(schema: T, whatToDo: string) =>
  z.preprocess(filled, z.string({ error: `is missing: ${whatToDo}` }).pipe(schema))

const urlWith = (protocols: string[], say: string) =>
  z.string().refine((text) => protocols.includes(URL.parse(text)?.protocol ?? ''), { error: say })
const oneOf = <const T extends readonly [string, ...string[]]>(words: T, say: string) =>
  z.enum(words, { error: say })
const digits = z.string().regex(/^\d+$/, 'must be the id from the WhatsApp Manager, digits only')
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
)

const publicUrl = urlWith(['http:', 'https:'], 'must be a URL such as https://inbox.example.com')
  .refine((text) => isSafeToServe(text), {
    error: 'must be https: over plain http, sessions can be read on the way (only localhost may be http)',
  })
  .refine((text) => URL.parse(text)?.pathname === '/', { error: 'must be an origin, without a path' })

/** What a variable must be for the roles that need it; a process without them starts without it. */
const variablesFor = (roles: readonly string[]) => {
  const neededBy = <T extends z.ZodType<unknown, string>>(
    needs: Role | Role[],
    schema: T,
    whatToDo: string,
  ) => ([needs].flat().some((role) => roles.includes(role)) ? required(schema, whatToDo) : optional(schema))
  return z.object({
    DATABASE_URL: required(
      urlWith(['postgres:', 'postgresql:'], 'must look like postgres://user:password@host:5432/baton'),
      'give the URL of a PostgreSQL database',
    ),
    REDIS_URL: required(
      urlWith(['redis:', 'rediss:'], 'must look like redis://host:6379'),
      'give the URL of a Redis server',
    ),
    PORT: defaulted(
      z.coerce
        .number({ error: 'must be a number' })
        .int('must be a whole number')
        .min(0, 'must be 0 to 65535')
        .max(65535, 'must be 0 to 65535'),
      '3000',
    ),
    HOST: defaulted(z.string(), '127.0.0.1'),
    PUBLIC_URL: optional(publicUrl),
    SESSION_SECRET: neededBy(
      'server',
      z
        .string()
        .min(SHORTEST_SECRET, `must have at least ${SHORTEST_SECRET} characters: openssl rand -hex 32`),
      'make one with: openssl rand -hex 32',
    ),
    BATON_SECRETS_KEY: optional(
      list.pipe(
        z.array(
          z.string().refine((text) => readKey(text) !== null, {
            error: 'must be 32 bytes in hex or base64, several separated by commas: openssl rand -hex 32',
          }),
        ),
      ),
    ),
    DATA_DIR: defaulted(z.string(), '.data'),
    MEDIA_STORE: optional(z.string().regex(/^(file|s3):./, 'must be file:/a/folder or s3://bucket/prefix')),
    LOG_LEVEL: defaulted(oneOf(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
    ROLES: defaulted(
      list.pipe(
        z
          .array(oneOf(ROLES, `knows only ${ROLES.join(', ')}, separated by commas`))
          .min(1, 'names no role: leave it out to do everything'),
      ),
      ROLES.join(','),
    ),
    WHATSAPP_API_URL: defaulted(
      urlWith(
        ['http:', 'https:'],
        'must be a URL with the version, such as https://graph.facebook.com/v24.0',
      ),
      'https://graph.facebook.com/v24.0',
    ),
    WHATSAPP_PHONE_NUMBER_ID: optional(digits),
    WHATSAPP_BUSINESS_ACCOUNT_ID: optional(digits),
    WHATSAPP_ACCESS_TOKEN: neededBy(
      ['send', 'jobs'],
      z.string(),
      'copy the system user token of the WhatsApp app',
    ),
    WHATSAPP_APP_SECRET: neededBy(
      'server',
      list.pipe(z.array(z.string()).min(1, 'holds no secret')),
      'without the app secret nobody can tell a delivery of WhatsApp from a forged one (App settings, Basic)',
    ),
    WHATSAPP_VERIFY_TOKEN: neededBy(
      'server',
      z.string(),
      'choose any word and give it to Meta beside the webhook URL',
    ),
    TRUSTED_PROXIES: defaulted(
      list.refine(areProxies, 'must be addresses or networks such as 10.0.0.0/8, separated by commas'),
      '',
    ),
    RATE_LIMITS: defaulted(oneOf(['on', 'off'], 'must be on or off'), 'on'),
    METRICS_TOKEN: optional(z.string().min(16, 'must have at least 16 characters: openssl rand -hex 16')),
    SMTP_URL: optional(
      urlWith(['smtp:', 'smtps:'], 'must look like smtp://user:password@mail.example.com:587'),
    ),
    SMTP_FROM: optional(z.string().regex(/\S+@\S+/, 'must be an address such as Baton <baton@example.com>')),
    OIDC_ISSUER: optional(
      urlWith(['http:', 'https:'], 'must be a URL such as https://login.example.com').refine(isSafeToServe, {
        error:
          'must be https: over plain http, sign-ins can be forged on the way (only localhost may be http)',
      }),
    ),
    OIDC_CLIENT_ID: optional(z.string()),
    OIDC_CLIENT_SECRET: optional(z.string()),
    OIDC_NAME: optional(z.string().max(60, 'must be at most 60 characters: it stands on a button')),
    DEMO: optional(z.enum(['0', '1'], { error: 'must be 1 or 0' })),
    DEMO_IN_PUBLIC: optional(oneOf(['yes'], 'must be yes, or left out')),
    NODE_ENV: optional(z.string()),
    BATON_TEST_FAULTS: optional(z.string().refine(areFaults, 'names a fault that is not known')),
  })
}

/** The settings of one process, checked. */
export type Env = {
  databaseUrl: string
  redisUrl: string
  port: number
  host: string
  /** The origin that people type, without a slash at the end. */
  publicUrl: string
  sessionSecret: string
  /** With which tokens and secrets of channels are stored: the first one seals, all of them open. */
  secretsKeys: Buffer[]
  dataDir: string
  /** `file:<folder>` or `s3://bucket/prefix`. */
  mediaStore: string
  logLevel: (typeof LOG_LEVELS)[number]
  roles: Role[]
  whatsappApiUrl: string
  phoneNumberId: string | null
  businessAccountId: string | null
  accessToken: string
  /** More than one while a secret is rotated: a signature by any of them is good. */
  appSecrets: string[]
  verifyToken: string
  /** The mail server, for links to a new password; null: administrators make them. */
  mail: { url: string; from: string } | null
  /** The company's own sign-in; null: there is none. */
  provider: { issuer: string; clientId: string; clientSecret: string; name: string } | null
  isDemo: boolean
  /** Proxies before this server, beside those on this machine: addresses and networks. */
  trustedProxies: string[]
  hasRateLimits: boolean
  /** What a collector of metrics shows as its bearer token; null: only this machine may collect. */
  metricsToken: string | null
  /** Faults that a chaos test arms; never outside one. */
  testFaults?: string
}

/**
 * Reads and checks the environment: the only place that knows the names of its variables.
 * Throws one error that lists every bad variable, so that nobody mends them one start at a time.
 */
export function readEnv(source: Record<string, string | undefined>): Env {
  const read = variablesFor(rolesIn(source.ROLES))
    .refine((env) => env.BATON_TEST_FAULTS === undefined || env.NODE_ENV === 'test', {
      path: ['BATON_TEST_FAULTS'],
      error: 'breaks promises on purpose: it is for tests alone (NODE_ENV=test)',
    })
    .refine((env) => env.DEMO !== '1' || env.DEMO_IN_PUBLIC === 'yes' || !isPublicPlace(placeOf(env)), {
      path: ['DEMO'],
      error: PUBLIC_DEMO_WORDS,
    })
    .refine((env) => (env.SMTP_URL === undefined) === (env.SMTP_FROM === undefined), {
      path: ['SMTP_FROM'],
      error: 'and SMTP_URL belong together: set both, or none',
    })
    .refine(hasAllOrNothingOfOidc, {
      path: ['OIDC_ISSUER'],
      error: ', OIDC_CLIENT_ID and OIDC_CLIENT_SECRET belong together: set all three, or none',
    })
    .safeParse(source)
  if (!read.success) throw new Error(problems(read.error))
  const env = read.data
  return {
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    port: env.PORT,
    host: env.HOST,
    publicUrl: new URL(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).origin,
    sessionSecret: env.SESSION_SECRET ?? '',
    secretsKeys: (env.BATON_SECRETS_KEY ?? []).flatMap((text) => readKey(text) ?? []),
    dataDir: env.DATA_DIR,
    mediaStore: env.MEDIA_STORE ?? `file:${env.DATA_DIR}/media`,
    logLevel: env.LOG_LEVEL,
    roles: [...new Set(env.ROLES)],
    whatsappApiUrl: env.WHATSAPP_API_URL.replace(/\/+$/, ''),
    phoneNumberId: env.WHATSAPP_PHONE_NUMBER_ID ?? null,
    businessAccountId: env.WHATSAPP_BUSINESS_ACCOUNT_ID ?? null,
    accessToken: env.WHATSAPP_ACCESS_TOKEN ?? '',
    appSecrets: env.WHATSAPP_APP_SECRET ?? [],
    verifyToken: env.WHATSAPP_VERIFY_TOKEN ?? '',
    mail: env.SMTP_URL && env.SMTP_FROM ? { url: env.SMTP_URL, from: env.SMTP_FROM } : null,
    provider: providerIn(env),
    isDemo: env.DEMO === '1',
    trustedProxies: env.TRUSTED_PROXIES,
    hasRateLimits: env.RATE_LIMITS === 'on',
    metricsToken: env.METRICS_TOKEN ?? null,
    ...(env.BATON_TEST_FAULTS === undefined ? {} : { testFaults: env.BATON_TEST_FAULTS }),
  }
}

const placeOf = (env: { HOST: string; PUBLIC_URL?: string | undefined }) => ({
  host: env.HOST,
  publicUrl: env.PUBLIC_URL,
})

type Oidc = {
  OIDC_ISSUER?: string | undefined
  OIDC_CLIENT_ID?: string | undefined
  OIDC_CLIENT_SECRET?: string | undefined
  OIDC_NAME?: string | undefined
}

function providerIn(env: Oidc): Env['provider'] {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env
  if (!issuer || !clientId || !clientSecret) return null
  return { issuer, clientId, clientSecret, name: env.OIDC_NAME ?? new URL(issuer).hostname }
}

function hasAllOrNothingOfOidc(env: Oidc): boolean {
  const given = [env.OIDC_ISSUER, env.OIDC_CLIENT_ID, env.OIDC_CLIENT_SECRET].filter(
    (one) => one !== undefined,
  )
  return given.length === 0 || given.length === 3
}

/** The roles before they are checked. With an unknown one among them nothing is left out of the report. */
function rolesIn(text: string | undefined): string[] {
  const roles = (text ?? '').split(',').map((role) => role.trim())
  return roles.every((role) => ROLES.some((known) => known === role)) ? roles : [...ROLES]
}

/** One line for each variable; never its value, which may be a secret. */
function problems(error: z.ZodError): string {
  const lines = new Map<string, string>()
  for (const issue of error.issues) {
    const name = String(issue.path[0])
    if (!lines.has(name)) lines.set(name, `  ${name} ${issue.message}`)
  }
  return `The environment is not complete:\n${[...lines.values()].join('\n')}`
}

function areProxies(list: string[]): boolean {
  try {
    trustedProxies(list)
    return true
  } catch {
    return false
  }
}

function isSafeToServe(text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol !== 'http:' || LOOPBACK_HOSTS.includes(url.hostname)
}
