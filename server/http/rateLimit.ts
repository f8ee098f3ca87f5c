import { createMiddleware } from 'hono/factory'
import type { Redis } from 'ioredis'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'
import type { Credential } from '../auth/credential.ts'

/** Requests of one identity within so many seconds. */
type Rule = { points: number; seconds: number }

/**
 * Far above what people do and what a well-made program needs; below what would make others wait. A tab that starts asks some
 * twenty times, an open one a few times in ten seconds. A page of a thread may show sixty pictures at once.
 *
 *     session, apiKey: procedures and REST, by who asks   stranger: the same without a credential that holds, by address
 *     auth: sign-in and what belongs to it, by address    files, uploads: by who asks
 */
export const RATES = {
  session: { points: 600, seconds: 10 },
  apiKey: { points: 2000, seconds: 10 },
  stranger: { points: 300, seconds: 10 },
  auth: { points: 120, seconds: 60 },
  files: { points: 1200, seconds: 10 },
  uploads: { points: 120, seconds: 60 },
} as const satisfies Record<string, Rule>
export type Rates = Record<keyof typeof RATES, Rule>

/** tRPC's number for it (JSON-RPC). */
const TRPC_TOO_MANY = -32029

/** Says whether a request may go on, or in how many seconds it may be tried again. */
export type RateLimits = {
  take(area: keyof Rates, identity: string, cost?: number): Promise<{ retryAfterS: number } | null>
}

/** Counted in Redis, for all processes together; while Redis is away each process counts for itself. */
export function createRateLimits(redis: Redis, rates: Rates = RATES): RateLimits {
  const limiters = new Map<string, RateLimiterAbstract>(
    Object.entries(rates).map(([area, { points, seconds: duration }]) => [
      area,
      new RateLimiterRedis({
        storeClient: redis,
        rejectIfRedisNotReady: true,
        keyPrefix: `baton:rate:${area}`,
        points,
        duration,
        // Who is over the limit is refused without asking Redis again.
        inMemoryBlockOnConsumed: points + 1,
        insuranceLimiter: new RateLimiterMemory({ points, duration }),
      }),
    ]),
  )
  return {
    async take(area, identity, cost = 1) {
      try {
        await limiters.get(area)?.consume(identity, cost)
        return null
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        return { retryAfterS: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) }
      }
    },
  }
}

export type RateLimitOptions = {
  limits: RateLimits
  /** Whose request it is, as far as it says; it is not checked whether that still holds. */
  credentialOf(headers: Headers): Promise<Credential | null>
}

/**
 * Refuses with 429 and `Retry-After` who asks more often than people can. A batch of procedures counts for each of them. A wrong API key
 * counts against its address, or every guess would be a new identity.
 */
export function rateLimit({ limits, credentialOf }: RateLimitOptions) {
  return createMiddleware<{ Bindings: { address?: string }; Variables: { requestId: string } }>(
    async (c, next) => {
      const { path, method } = c.req
      const address = c.env?.address ?? '127.0.0.1'
      const refuse = (retryAfterS: number) =>
        c.json(refusal(path, retryAfterS, c.get('requestId')), 429, { 'Retry-After': String(retryAfterS) })
      if (path.startsWith('/api/auth/')) {
        const over = await limits.take('auth', address)
        return over ? refuse(over.retryAfterS) : next()
      }
      const credential = await credentialOf(c.req.raw.headers)
      const area = areaOf(path, method, credential)
      const over = await limits.take(area, identityOf(credential) ?? address, costOf(path))
      if (over) return refuse(over.retryAfterS)
      if (credential?.kind === 'apiKey') {
        // Costs nothing by itself: it only asks whether this address has guessed too often.
        const guessed = await limits.take('stranger', address, 0)
        if (guessed) return refuse(guessed.retryAfterS)
      }
      await next()
      if (credential?.kind === 'apiKey' && c.res.status === 401) await limits.take('stranger', address)
    },
  )
}

/** In the words of tRPC where tRPC was asked, so that its client sees an error of the server and not a broken answer. */
function refusal(path: string, retryAfterS: number, requestId: string) {
  const reason = 'TOO_MANY_REQUESTS'
  const message = `Too many requests. Please try again in ${retryAfterS} s.`
  if (!path.startsWith('/trpc')) return { error: message, reason, requestId }
  return {
    error: { message, code: TRPC_TOO_MANY, data: { code: reason, httpStatus: 429, reason, requestId } },
  }
}

function areaOf(path: string, method: string, credential: Credential | null): keyof Rates {
  if (credential === null) return 'stranger'
  if (path.startsWith('/media')) return method === 'POST' ? 'uploads' : 'files'
  return credential.kind === 'session' ? 'session' : 'apiKey'
}

function identityOf(credential: Credential | null): string | null {
  if (credential === null) return null
  return credential.kind === 'session' ? credential.sessionId : credential.hash
}

/** tRPC puts the procedures of a batch into the path, between commas. */
function costOf(path: string): number {
  return path.startsWith('/trpc/') ? path.split(',').length : 1
}
