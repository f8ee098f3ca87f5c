import { openDatabase } from '../../db/client.ts'
import { armFaults } from '../failPoint.ts'
import { createRinger } from '../live/bell.ts'
import { createLog } from '../log.ts'
import { connectBlockingRedis, connectRedis, whenReady } from '../redis.ts'
import { consume } from './consume.ts'
import { BLOCK_MS } from './readEntries.ts'

/** What a consumer needs to know; plain data, so that it can be handed to a thread. */
export type ConsumerSettings = {
  databaseUrl: string
  redisUrl: string
  /** Stable over restarts, different for each consumer that runs at the same time. */
  name: string
  logLevel: string
  /** For chaos tests only: see `failPoint.ts`. */
  testFaults?: string
}

/** What happened in a turn of the loop. `idleMs`: how long ago the lane turned that has not turned for longest. */
export type Turn = { entries: number; items: number; idleMs: number }

export type Consumer = {
  /** Runs until the signal aborts and the batches in hand are done. */
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/**
 * A consumer works in two lanes, each a loop with a name and a blocking connection of its own: while Postgres stores the batch
 * of one, this side reads and prepares that of the other. One alone leaves a core idle half of the time.
 */
const LANES = 2

/** Opens a consumer with connections of its own: the thread and the process (`bun run consume`) both start here. */
export async function openConsumer(
  settings: ConsumerSettings,
  turned: (turn: Turn) => void,
): Promise<Consumer> {
  armFaults(settings.testFaults)
  const log = createLog({ level: settings.logLevel, name: 'consume' })
  const { sql, close } = openDatabase(settings.databaseUrl, { connections: LANES })
  const redis = connectRedis(settings.redisUrl, log)
  const ringer = createRinger(redis, log)
  await whenReady(redis, 10_000)
  const lanes = Array.from({ length: LANES }, (_, index) => ({
    name: `${settings.name}:${index + 1}`,
    blocking: connectBlockingRedis(settings.redisUrl, BLOCK_MS, log),
    turnedAt: performance.now(),
  }))
  const idleMs = () => performance.now() - Math.min(...lanes.map((lane) => lane.turnedAt))
  const disconnect = () => {
    for (const lane of lanes) lane.blocking.disconnect()
  }
  return {
    run: async (signal) => {
      // A blocking read ends at its own pace; cutting its connection ends it now, and loses nothing: it stays pending.
      signal.addEventListener('abort', disconnect, { once: true })
      const loops = lanes.map((lane) =>
        consume(
          {
            blocking: lane.blocking,
            redis,
            sql,
            name: lane.name,
            log,
            now: () => new Date(),
            ring: ringer.ring,
            turned: (turn) => {
              lane.turnedAt = performance.now()
              turned({ ...turn, idleMs: idleMs() })
            },
          },
          signal,
        ),
      )
      await Promise.all(loops)
    },
    close: async () => {
      disconnect()
      redis.disconnect()
      await close()
    },
  }
}
