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

export type Consumer = {
  /** Runs until the signal aborts and the batch in hand is done. */
  run(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

/** Opens a consumer with connections of its own: the thread and the process (`bun run consume`) both start here. */
export async function openConsumer(
  settings: ConsumerSettings,
  turned: (turn: { entries: number; items: number }) => void,
): Promise<Consumer> {
  armFaults(settings.testFaults)
  const log = createLog({ level: settings.logLevel, name: 'consume' })
  const database = openDatabase(settings.databaseUrl, { connections: 2 })
  const redis = connectRedis(settings.redisUrl, log)
  const blocking = connectBlockingRedis(settings.redisUrl, BLOCK_MS, log)
  const ringer = createRinger(redis, log)
  await whenReady(redis, 10_000)
  return {
    run: (signal) => {
      // A blocking read ends at its own pace; cutting its connection ends it now, and loses nothing: it stays pending.
      signal.addEventListener('abort', () => blocking.disconnect(), { once: true })
      return consume(
        {
          blocking,
          redis,
          sql: database.sql,
          name: settings.name,
          log,
          now: () => new Date(),
          ring: (workspaceId) => ringer.ring('events', workspaceId),
          turned,
        },
        signal,
      )
    },
    close: async () => {
      blocking.disconnect()
      redis.disconnect()
      await database.close()
    },
  }
}
