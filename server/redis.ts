import Redis from 'ioredis'
import type { Logger } from 'pino'

/** Grows from 50 ms to 2 s, and never gives up: a Redis that restarts is found again. */
const retryStrategy = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 6), 2000)

/** Commands are waiting and not a byte has come for this long: the connection broke without a word, and another is made. */
const SILENT_MS = 3000

/** For commands whose caller waits: when Redis is away they fail at once instead of queueing up. */
export function connectRedis(url: string, log: Logger): Redis {
  return watched(
    new Redis(url, {
      retryStrategy,
      enableOfflineQueue: false,
      // An XADD in flight when the connection breaks must fail, so that the webhook is answered with 503 and not twice.
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 5000,
      socketTimeout: SILENT_MS,
    }),
    log,
  )
}

/**
 * For reads that block, and for subscriptions: a connection each, since such a connection can do nothing else.
 * `blockingTimeout` ends a read whose reply never comes, after a connection that broke without a word.
 */
export function connectBlockingRedis(url: string, longestBlockMs: number, log: Logger): Redis {
  return watched(
    new Redis(url, {
      retryStrategy,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
      connectTimeout: 5000,
      blockingTimeout: longestBlockMs + SILENT_MS,
      // The read above ends and leaves the dead socket in place, and the next one would end the same way.
      ...(longestBlockMs > 0 && { socketTimeout: longestBlockMs + SILENT_MS }),
    }),
    log,
  )
}

/** Resolves when the connection can be used. @throws when that takes longer than `withinMs` */
export async function whenReady(redis: Redis, withinMs: number): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      redis.off('ready', ready)
      reject(new Error(`Redis did not answer within ${withinMs} ms. Is REDIS_URL right, and is it running?`))
    }, withinMs)
    const ready = () => {
      clearTimeout(timer)
      resolve()
    }
    redis.once('ready', ready)
  })
}

/** ioredis throws unheard errors; each loss of the connection is worth one line. */
function watched(redis: Redis, log: Logger): Redis {
  let isLost = false
  redis.on('error', (err) => {
    if (!isLost) log.warn({ err }, 'Redis is away; reconnecting')
    isLost = true
  })
  redis.on('ready', () => {
    if (isLost) log.info('Redis is back')
    isLost = false
  })
  return redis
}
