import type { Redis } from 'ioredis'
import { GROUP, STREAM } from '../../server/ingest/stream.ts'

/**
 * Moves time by hand: what is unacked looks as if its consumer had been silent for a minute, so that another may claim it.
 * That entries of a living consumer may be among it is one more fault.
 */
export async function ageUnacked(redis: Redis): Promise<void> {
  const list = listOf(await redis.xpending(STREAM, GROUP, '-', '+', 2000).catch(() => []))
  const owners = new Map<string, string[]>()
  for (const [id, owner] of list.map(listOf)) {
    owners.set(String(owner), [...(owners.get(String(owner)) ?? []), String(id)])
  }
  for (const [owner, ids] of owners) {
    await redis.xclaim(STREAM, GROUP, owner, 0, ...ids, 'IDLE', AGED_MS, 'JUSTID')
  }
}

const AGED_MS = 120_000

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
