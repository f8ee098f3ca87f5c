import type Redis from 'ioredis'
import type { Logger } from 'pino'

/**
 * Agents have right of way. Somebody is waiting for a send; whoever works off a backlog can be slower for a moment and loses
 * nothing by it. On a machine where both want all there is, a send waited for seconds (docs/decisions/0008).
 *
 * A key in Redis, so that it holds across processes; it expires by itself, so that nobody has to take it back.
 */
const KEY = 'baton:right-of-way'
const HOLDS_MS = 400
const CLAIM_EVERY_MS = 100

/** Returns the function by which the desk says that a send has to wait too long. */
export function createRightOfWay(redis: Redis, log: Logger): () => void {
  let claimedAtMs = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - claimedAtMs < CLAIM_EVERY_MS) return
    claimedAtMs = performance.now()
    redis
      .set(KEY, '1', 'PX', HOLDS_MS)
      .catch((err: unknown) => log.debug({ err }, 'the right of way can not be claimed'))
  }
}

/** Whether an agent's send is waiting somewhere. */
export async function isRightOfWayClaimed(redis: Redis): Promise<boolean> {
  return (await redis.exists(KEY)) === 1
}
