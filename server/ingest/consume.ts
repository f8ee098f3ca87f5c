import type Redis from 'ioredis'
import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { failPoint, isSabotaged } from '../failPoint.ts'
import type { Ringer } from '../live/bell.ts'
import { isRightOfWayClaimed } from '../live/rightOfWay.ts'
import { waitFor } from '../live/wait.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { countInbound } from './countInbound.ts'
import type { ReadEntries } from './entry.ts'
import { holdEpoch, noteEpoch } from './epoch.ts'
import { GiveWay } from './giveWay.ts'
import { inheritFromDead } from './inherit.ts'
import { persist } from './persist.ts'
import { ack, claimIdle, ensureGroup, isGroupGone, readNew, readOwnPending } from './readEntries.ts'
import { trimAcked } from './trim.ts'

export type ConsumerParts = {
  /** A connection for blocking reads only, with `blockingTimeout` set. */
  blocking: Redis
  redis: Redis
  sql: Sql
  /** The same after every restart, so that a consumer finds its own unfinished work. */
  name: string
  log: Logger
  now(): Date
  /** Tells the agents' feeds that something was stored, and the jobs that there is one. */
  ring: Ringer['ring']
  /** Called at every turn of the loop: what a watchdog watches. */
  turned(turn: { entries: number; items: number }): void
}

const CLAIM_EVERY_MS = 15_000
const TRIM_EVERY_MS = 5_000
const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 5_000

/**
 * Moves deliveries from the stream to the database until the signal aborts: own unfinished ones first, then those that
 * others left lying, then new ones. An entry is acked after the commit that stored it, so a consumer that dies at any
 * instant leaves it to be read again, and storing it again changes nothing.
 *
 * A database or a Redis that is away stops the acking, not the process: the loop waits, longer each time, and goes on.
 */
export async function consume(parts: ConsumerParts, signal: AbortSignal): Promise<void> {
  const { log, name, redis } = parts
  log.info({ consumer: name }, 'consumer started')
  const desk: Desk = { epoch: null, hasOwnPending: true, claimAtMs: 0, trimAtMs: 0 }
  const giveWay = new GiveWay()
  let backoffMs = FIRST_BACKOFF_MS
  while (!signal.aborted) {
    try {
      desk.epoch ??= await openStream(parts)
      giveWay.look(await isRightOfWayClaimed(redis))
      const read = await readNext(parts, desk, giveWay.batchSize)
      const readAtMs = performance.now()
      const items = await storeEntries(parts, read)
      const pauseMs = giveWay.pauseMs(performance.now() - readAtMs)
      if (pauseMs > 0) await waitFor(pauseMs, signal)
      if (performance.now() >= desk.trimAtMs) {
        await noteEpoch(parts.sql, desk.epoch, await trimAcked(redis))
        desk.trimAtMs = performance.now() + TRIM_EVERY_MS
      }
      parts.turned({ entries: read.entries.length, items })
      backoffMs = FIRST_BACKOFF_MS
    } catch (err) {
      if (signal.aborted) break
      log.warn({ err, consumer: name, backoffMs }, 'the consumer can not go on; trying again')
      desk.hasOwnPending = true
      if (isGroupGone(err)) desk.epoch = null
      parts.turned({ entries: 0, items: 0 })
      await waitFor(backoffMs, signal)
      backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    }
  }
  log.info({ consumer: name }, 'consumer stopped')
}

/** Makes sure that the group is there, and notices when Redis is not the one that it was. */
async function openStream({ redis, sql, log, name }: ConsumerParts): Promise<string> {
  await ensureGroup(redis)
  await inheritFromDead(redis, name, log)
  return holdEpoch(redis, sql, log)
}

/** What the consumer remembers between two turns. `epoch` null: the stream has to be opened (again). */
type Desk = { epoch: string | null; hasOwnPending: boolean; claimAtMs: number; trimAtMs: number }

async function readNext(
  { redis, blocking, name }: ConsumerParts,
  desk: Desk,
  batchSize: number,
): Promise<ReadEntries> {
  if (desk.hasOwnPending) {
    const own = await readOwnPending(redis, name, batchSize)
    if (own.entries.length + own.lostIds.length > 0) return own
    desk.hasOwnPending = false
  }
  if (performance.now() >= desk.claimAtMs) {
    const claimed = await claimIdle(redis, name, batchSize)
    if (claimed.entries.length + claimed.lostIds.length > 0) return claimed
    desk.claimAtMs = performance.now() + CLAIM_EVERY_MS
  }
  const fresh = await readNew(blocking, name, batchSize)
  // A read that came back empty may have lost its reply on the way, and then its entries are ours, and pending.
  if (fresh.entries.length === 0) desk.hasOwnPending = true
  return fresh
}

async function storeEntries(parts: ConsumerParts, { entries, lostIds }: ReadEntries): Promise<number> {
  if (lostIds.length > 0) {
    // Somebody trimmed or deleted what was not stored yet. Nothing can bring it back; it must not pass unseen.
    parts.log.error({ streamIds: lostIds }, 'DATA LOST: pending entries were removed from the stream')
    await ack(parts.redis, lostIds)
  }
  if (entries.length === 0) return 0
  failPoint('after-read')
  const items = entries.flatMap(({ streamId, receivedAt, body, signedFor }) =>
    readDelivery(body, receivedAt).map((item) => ({ ...item, streamId, receivedAt, body, signedFor })),
  )
  countInbound(parts.redis, items, parts.now())
  const streamIds = entries.map((entry) => entry.streamId)
  if (isSabotaged('ack-before-commit')) await ack(parts.redis, streamIds)
  const { workspaceIds, hasJobs } = await persist(parts.sql, items, parts.now)
  for (const workspaceId of workspaceIds) parts.ring('events', workspaceId)
  if (hasJobs) parts.ring('jobs')
  failPoint('before-ack')
  await ack(parts.redis, streamIds)
  return items.length
}
