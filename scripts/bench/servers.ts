import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { migrate } from '../../db/migrate.ts'
import { seedDemo } from '../../db/seed.ts'
import { demoNumber } from '../services/demoNumber.ts'
import { ensureDatabase } from '../services/ensureDatabase.ts'
import { type RunningPostgres, startPostgres } from '../services/postgres.ts'
import { startRedis } from '../services/redis.ts'
import { findRedis } from '../services/redisProgram.ts'
import type { RunningService } from '../services/runningService.ts'

/** The database that every row starts from a copy of: the newest schema and the demo workspace. */
export const TEMPLATE = 'bench_template'

/** Redis and PostgreSQL with the settings of the product, for one run. */
export type Servers = { redis: RunningService; postgres: RunningPostgres; stop(): Promise<void> }

/** Starts them in a temporary folder, which is gone after `stop`. */
export async function startServers(say: (what: string) => void): Promise<Servers> {
  const program = await findRedis(say)
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'))
  // Root's database runs under another account, which must be able to pass through.
  chmodSync(folder, 0o711)
  const dataDir = { path: folder, id: randomBytes(6).toString('hex') }
  const [redis, postgres] = await Promise.allSettled([
    startRedis({ dir: join(folder, 'redis'), program }),
    startPostgres({ dataDir }),
  ])
  const stop = async () => {
    for (const server of [postgres, redis]) if (server.status === 'fulfilled') await server.value.stop()
    // Where the database could not enter that folder, it had one of its own.
    const home = postgres.status === 'fulfilled' ? dirname(postgres.value.folder) : folder
    for (const path of new Set([folder, home])) rmSync(path, { recursive: true, force: true })
  }
  if (redis.status === 'rejected' || postgres.status === 'rejected') {
    await stop()
    throw redis.status === 'rejected' ? redis.reason : (postgres as PromiseRejectedResult).reason
  }
  try {
    await ensureDatabase(postgres.value.urlOf('postgres'), TEMPLATE)
    await migrate(postgres.value.urlOf(TEMPLATE))
    await seedDemo(postgres.value.urlOf(TEMPLATE), demoNumber({}))
  } catch (error) {
    await stop()
    throw error
  }
  return { redis: redis.value, postgres: postgres.value, stop }
}
