import type Redis from 'ioredis'
import { entriesOfList, entriesOfRead, type ReadEntries } from './entry.ts'
import { GROUP, STREAM } from './stream.ts'

/** How long one read waits for something new. The connection's own `blockingTimeout` is longer, for when Redis is gone. */
export const BLOCK_MS = 2000
/** Idle for longer than any batch takes: its consumer is dead, or stopped, and another does its work. */
const CLAIM_IDLE_MS = 60_000

/** Creates the group, and the stream, when they are not there. From `0`, never `$`: nothing that is in the stream is skipped. */
export async function ensureGroup(redis: Redis): Promise<void> {
  try {
    await redis.xgroup('CREATE', STREAM, GROUP, '0', 'MKSTREAM')
  } catch (error) {
    if (!isNamed(error, 'BUSYGROUP')) throw error
  }
}

/** Whether the group is gone, after Redis lost its data: it has to be made again. */
export const isGroupGone = (error: unknown) => isNamed(error, 'NOGROUP')

/** What this consumer was given and has not acked: after a crash, or a reply that never came. */
export async function readOwnPending(
  redis: Redis,
  consumer: string,
  batchSize: number,
): Promise<ReadEntries> {
  return entriesOfRead(
    await redis.xreadgroupBuffer('GROUP', GROUP, consumer, 'COUNT', batchSize, 'STREAMS', STREAM, '0'),
  )
}

/** What others were given and have left lying for a minute. */
export async function claimIdle(redis: Redis, consumer: string, batchSize: number): Promise<ReadEntries> {
  // `call` gives the bare reply, whatever the protocol's version; this one is a list in both.
  const reply = await redis.callBuffer(
    'XAUTOCLAIM',
    STREAM,
    GROUP,
    consumer,
    CLAIM_IDLE_MS,
    '0',
    'COUNT',
    batchSize,
  )
  const [, list, deleted] = Array.isArray(reply) ? reply : []
  const read = entriesOfList(list)
  return { ...read, lostIds: [...read.lostIds, ...(Array.isArray(deleted) ? deleted.map(String) : [])] }
}

/** What nobody was given yet; waits for it, {@link BLOCK_MS} at most. */
export async function readNew(redis: Redis, consumer: string, batchSize: number): Promise<ReadEntries> {
  return entriesOfRead(
    await redis.xreadgroupBuffer(
      'GROUP',
      GROUP,
      consumer,
      'COUNT',
      batchSize,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      STREAM,
      '>',
    ),
  )
}

export async function ack(redis: Redis, streamIds: readonly string[]): Promise<void> {
  if (streamIds.length > 0) await redis.xack(STREAM, GROUP, ...streamIds)
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.message.startsWith(name)
