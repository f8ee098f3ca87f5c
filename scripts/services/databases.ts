import { join } from 'node:path'
import type { DataDir } from './dataDir.ts'
import type { Notices } from './parts.ts'
import { type RunningPostgres, startPostgres } from './postgres.ts'
import { step } from './progress.ts'
import { reachPostgres, reachRedis } from './reach.ts'
import { startRedis } from './redis.ts'
import { findRedis } from './redisProgram.ts'
import type { RunningService } from './runningService.ts'
import { type Supervised, supervise } from './supervise.ts'

export interface Databases {
  databaseUrl: string
  redisUrl: string
  /** Undefined where the user's own server is used. */
  postgres?: Supervised<RunningPostgres>
  redis?: Supervised<RunningService>
}

/**
 * Both databases at once: the user's where DATABASE_URL or REDIS_URL names them, ours where not. When one of ours fails
 * the other is stopped again before the failure is told.
 */
export async function openDatabases(
  env: NodeJS.ProcessEnv,
  dataDir: DataDir,
  notices: Notices,
): Promise<Databases> {
  const [redis, postgres] = await Promise.allSettled([
    env.REDIS_URL ? useRedis(env.REDIS_URL) : ownRedis(dataDir, notices),
    env.DATABASE_URL ? usePostgres(env.DATABASE_URL) : ownPostgres(dataDir, notices),
  ])
  if (redis.status === 'fulfilled' && postgres.status === 'fulfilled')
    return { ...redis.value, ...postgres.value }
  if (redis.status === 'fulfilled') await redis.value.redis?.stop()
  if (postgres.status === 'fulfilled') await postgres.value.postgres?.stop()
  throw redis.status === 'rejected' ? redis.reason : (postgres as PromiseRejectedResult).reason
}

type RedisPart = Pick<Databases, 'redis' | 'redisUrl'>
type PostgresPart = Pick<Databases, 'postgres' | 'databaseUrl'>

async function ownRedis(dataDir: DataDir, notices: Notices): Promise<RedisPart> {
  return step(
    'Redis',
    async ({ say }) => {
      const dir = join(dataDir.path, 'redis')
      const program = await findRedis(say)
      // After a crash it must come back where the others look for it.
      let port: number | undefined
      const start = async () => {
        const service = await startRedis({ dir, program, ...(port ? { port } : {}) })
        port = service.port
        return service
      }
      const redis = await supervise({ name: 'Redis', start, ...notices })
      return { redis, redisUrl: redis.current().url }
    },
    ({ redis }) => `port ${redis.current().port}`,
  )
}

async function ownPostgres(dataDir: DataDir, notices: Notices): Promise<PostgresPart> {
  return step(
    'PostgreSQL',
    async ({ say }) => {
      let port: number | undefined
      const start = async () => {
        const service = await startPostgres({ dataDir, say, ...(port ? { port } : {}) })
        port = service.port
        return service
      }
      const postgres = await supervise({ name: 'PostgreSQL', start, ...notices })
      return { postgres, databaseUrl: postgres.current().url }
    },
    ({ postgres }) => `${postgres.current().version} · port ${postgres.current().port}`,
  )
}

function useRedis(redisUrl: string): Promise<RedisPart> {
  return step(
    'Redis',
    () => reachRedis(redisUrl).then(() => ({ redisUrl })),
    () => 'the one of REDIS_URL',
  )
}

function usePostgres(databaseUrl: string): Promise<PostgresPart> {
  return step(
    'PostgreSQL',
    () => reachPostgres(databaseUrl).then(() => ({ databaseUrl })),
    () => 'the one of DATABASE_URL',
  )
}
