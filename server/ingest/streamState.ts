import type Redis from 'ioredis'
import { receivedAtOf } from './entry.ts'
import { infoFields } from './infoFields.ts'
import { GROUP, STREAM } from './stream.ts'

/** How the stream of deliveries stands. */
export type StreamState = {
  /** Entries in the stream, the newest stored one among them. */
  length: number
  /** Not handed out to anybody; null: Redis cannot tell. */
  lag: number | null
  /** Handed out, and not stored yet. */
  pending: number
  /** When the oldest came that is not stored; null: all are. */
  oldestWaitingAt: Date | null
  consumers: { name: string; pending: number; idleMs: number }[]
}

/** Looks at the stream. Null before the first delivery, or the first consumer, ever came. */
export async function streamState(redis: Redis): Promise<StreamState | null> {
  if ((await redis.exists(STREAM)) === 0) return null
  const groups = await redis.xinfo('GROUPS', STREAM)
  const group = (Array.isArray(groups) ? groups : []).map(infoFields).find((one) => one.name === GROUP)
  if (!group) return null
  const [length, consumers, oldestWaitingAt] = await Promise.all([
    redis.xlen(STREAM),
    redis.xinfo('CONSUMERS', STREAM, GROUP),
    oldestWaiting(redis, String(group['last-delivered-id'])),
  ])
  return {
    length,
    lag: group.lag === null ? null : Number(group.lag ?? 0),
    pending: Number(group.pending ?? 0),
    oldestWaitingAt,
    consumers: (Array.isArray(consumers) ? consumers : []).map(infoFields).map((one) => ({
      name: String(one.name),
      pending: Number(one.pending ?? 0),
      idleMs: Number(one.idle ?? 0),
    })),
  }
}

/** When the oldest entry came that is pending, or else was never handed out; null: all are stored. */
export async function oldestWaiting(redis: Redis, lastDelivered: string): Promise<Date | null> {
  const pending: unknown = await redis.xpending(STREAM, GROUP)
  const lowest = Array.isArray(pending) ? pending[1] : null
  if (typeof lowest === 'string') return receivedAtOf(lowest)
  const [next] = await redis.xrange(STREAM, `(${lastDelivered}`, '+', 'COUNT', 1)
  return next ? receivedAtOf(next[0]) : null
}
