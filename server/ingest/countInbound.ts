import type Redis from 'ioredis'
import type { ReceivedItem } from '../inbox/storeDeliveries.ts'
import { limitKeys } from '../sender/limitKeys.ts'

/** What came longer ago is a backlog: it fell into a second that is over. */
const RECENT_MS = 2000
const COUNTED_FOR_MS = 1000

/**
 * Tells the senders how many messages came in just now: Meta counts them and ours together. Nobody waits for it, and with
 * Redis away it is left out.
 */
export function countInbound(redis: Redis, items: readonly ReceivedItem[], now: Date): void {
  const counts = new Map<string, number>()
  for (const item of items) {
    const { phoneNumberId } = item.to
    const isRecent = now.getTime() - item.receivedAt.getTime() < RECENT_MS
    if (item.kind !== 'message' || item.message.isHistory || phoneNumberId === null || !isRecent) continue
    counts.set(phoneNumberId, (counts.get(phoneNumberId) ?? 0) + 1)
  }
  if (counts.size === 0) return
  const pipeline = redis.pipeline()
  for (const [phoneNumberId, count] of counts) {
    const key = limitKeys.inbound(phoneNumberId)
    pipeline.incrby(key, count).pexpire(key, COUNTED_FOR_MS, 'NX')
  }
  pipeline.exec().catch(() => {})
}
