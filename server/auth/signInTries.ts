import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'

/** Wrong passwords for one account from one address; then it has to wait. */
export const MOST_FAILURES = 10
const WINDOW_S = 15 * 60

/** Stands for the address where the password of somebody who is signed in is asked for: those tries are counted for the agent's id alone. */
export const AT_AN_OPEN_BROWSER = 'change'

export type TriesLeft = { retryAfterS: number } | null

/**
 * Counts wrong passwords for an account and an address together, so whoever guesses shuts out themselves: the owner of the account comes from
 * elsewhere, and their door stays open. How much one address may try at all accounts together is limited beside it (`auth.ts`).
 */
export type SignInTries = {
  /** Counts a try before it is made, so that many at the same moment are no more than one after the other. Null: it may be made. */
  take(email: string, address: string): Promise<TriesLeft>
  /** Whether the next one would be refused. */
  isShut(email: string, address: string): Promise<boolean>
  /** Forgets what was counted. */
  succeeded(email: string, address: string): Promise<void>
}

/** Counted in Redis, for all processes together; while it is away each process counts for itself. Redis learns no e-mail address. */
export function createSignInTries(redis: Redis, mostFailures = MOST_FAILURES): SignInTries {
  const rule = { points: mostFailures, duration: WINDOW_S }
  return countTries(
    new RateLimiterRedis({
      storeClient: redis,
      rejectIfRedisNotReady: true,
      keyPrefix: 'baton:tries:sign-in',
      ...rule,
      insuranceLimiter: new RateLimiterMemory(rule),
    }),
    mostFailures,
  )
}

/** The same in this process alone. */
export function signInTriesInMemory(mostFailures = MOST_FAILURES): SignInTries {
  return countTries(new RateLimiterMemory({ points: mostFailures, duration: WINDOW_S }), mostFailures)
}

function countTries(limiter: RateLimiterAbstract, mostFailures: number): SignInTries {
  return {
    async take(email, address) {
      try {
        await limiter.consume(keyOf(email, address))
        return null
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        return { retryAfterS: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) }
      }
    },
    async isShut(email, address) {
      const counted = await limiter.get(keyOf(email, address))
      return counted !== null && counted.consumedPoints >= mostFailures
    },
    async succeeded(email, address) {
      await limiter.delete(keyOf(email, address))
    },
  }
}

function keyOf(email: string, address: string): string {
  return createHash('sha256').update(`${email.trim().toLowerCase()} ${address}`).digest('base64url')
}
