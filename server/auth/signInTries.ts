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

export type TriesLeft = { retryAfterS: number } | null

/**
 * Counts wrong passwords for an account and an address together, so whoever guesses shuts out themselves: the owner of the account comes from
 * elsewhere, and their door stays open. How much one address may try at all accounts together is limited beside it (`auth.ts`).
 */
export type SignInTries = {
  /** Null: it may be tried. */
  blocked(email: string, address: string): Promise<TriesLeft>
  /** Whether this was the one that shut the door. */
  failed(email: string, address: string): Promise<{ isLast: boolean }>
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
    async blocked(email, address) {
      const counted = await limiter.get(keyOf(email, address))
      if (counted === null || counted.consumedPoints < mostFailures) return null
      return { retryAfterS: Math.max(1, Math.ceil(counted.msBeforeNext / 1000)) }
    },
    async failed(email, address) {
      try {
        const { remainingPoints } = await limiter.consume(keyOf(email, address))
        return { isLast: remainingPoints === 0 }
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        return { isLast: false } // several at the same moment
      }
    },
    async succeeded(email, address) {
      await limiter.delete(keyOf(email, address))
    },
  }
}

function keyOf(email: string, address: string): string {
  return createHash('sha256').update(`${email.trim().toLowerCase()} ${address}`).digest('base64url')
}
