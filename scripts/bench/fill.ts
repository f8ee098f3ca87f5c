import type { Redis } from 'ioredis'
import { BODY_FIELD, GROUP, STREAM } from '../../server/ingest/stream.ts'
import { type DeliveryMix, deliveryBody } from './load/deliveries.ts'

const PIPELINE_SIZE = 1000

/** Puts a backlog into the stream: so many entries of one message each, as the webhook would have appended them. */
export async function fill(redis: Redis, mix: DeliveryMix, count: number): Promise<void> {
  for (let first = 0; first < count; first += PIPELINE_SIZE) {
    const pipeline = redis.pipeline()
    for (let number = first; number < Math.min(first + PIPELINE_SIZE, count); number++) {
      pipeline.xadd(STREAM, '*', BODY_FIELD, deliveryBody(mix, number, 1))
    }
    await pipeline.exec()
  }
}

/** What the group has still to do: entries that nobody was given, and those that are not acked. */
export async function backlogOf(redis: Redis): Promise<number> {
  const groups = await redis.call('XINFO', 'GROUPS', STREAM).catch(() => [])
  for (const group of Array.isArray(groups) ? groups : []) {
    const fields = new Map<string, unknown>()
    if (Array.isArray(group))
      for (let at = 0; at + 1 < group.length; at += 2) fields.set(String(group[at]), group[at + 1])
    if (fields.get('name') === GROUP)
      return Number(fields.get('lag') ?? 0) + Number(fields.get('pending') ?? 0)
  }
  return redis.xlen(STREAM)
}

/** Waits until the backlog is at most `most`. @throws when that takes too long */
export async function drained(redis: Redis, most: number, withinMs: number): Promise<void> {
  const givesUpAt = performance.now() + withinMs
  while ((await backlogOf(redis)) > most) {
    if (performance.now() > givesUpAt) throw new Error(`The backlog was not drained within ${withinMs} ms`)
    await Bun.sleep(10)
  }
}
