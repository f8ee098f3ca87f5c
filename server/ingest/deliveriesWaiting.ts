import type Redis from 'ioredis'
import { infoFields } from './infoFields.ts'
import { GROUP, STREAM } from './stream.ts'

/** Deliveries that were taken and are not stored yet; null when Redis cannot tell. */
export async function deliveriesWaiting(redis: Redis): Promise<number | null> {
  const groups = await redis.xinfo('GROUPS', STREAM).catch(() => null)
  for (const group of Array.isArray(groups) ? groups : []) {
    const { name, pending, lag } = infoFields(group)
    if (name === GROUP) return lag === null ? null : Number(pending ?? 0) + Number(lag ?? 0)
  }
  return groups === null ? null : 0
}
