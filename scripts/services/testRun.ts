import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { writePrivately } from './dataDir.ts'
import { birthOf, isAlive } from './liveProcess.ts'
import { startPostgres, stopOrphanedPostgres } from './postgres.ts'
import { startRedis, stopOrphanedRedis } from './redis.ts'

const prefix = 'baton-test-'
export const template = 'baton_template'
const redisDatabases = 512

interface Owner {
  pid: number
  birth: string
  postgresFolder?: string
}

export interface TestServers {
  env: { TEST_DATABASE_URL: string; TEST_DATABASE_TEMPLATE: string; TEST_REDIS_URL: string }
  templateUrl: string
  adminUrl: string
  stop(): Promise<void>
}

/** Redis and PostgreSQL for one run of the tests, in a folder of their own that is gone afterwards. */
export async function startTestServers(redisProgram: string): Promise<TestServers> {
  await sweepEarlierRuns()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  // Root's database runs under another account, which must be able to pass through.
  chmodSync(folder, 0o711)
  const owner: Owner = { pid: process.pid, birth: birthOf(process.pid) }
  const note = () => writePrivately(join(folder, 'owner.json'), JSON.stringify(owner))
  note()
  const dataDir = { path: folder, id: randomBytes(6).toString('hex') }
  const redisOptions = { dir: join(folder, 'redis'), program: redisProgram, databases: redisDatabases }
  const [redis, postgres] = await Promise.allSettled([
    startRedis(redisOptions),
    startPostgres({ dataDir, isDurable: false }),
  ])
  if (postgres.status === 'fulfilled') owner.postgresFolder = postgres.value.folder
  note()
  const stop = async () => {
    for (const server of [postgres, redis]) if (server.status === 'fulfilled') await server.value.stop()
    removeRun(folder, owner)
  }
  if (redis.status === 'rejected' || postgres.status === 'rejected') {
    await stop()
    throw redis.status === 'rejected' ? redis.reason : (postgres as PromiseRejectedResult).reason
  }
  const adminUrl = postgres.value.urlOf('postgres')
  return {
    env: { TEST_DATABASE_URL: adminUrl, TEST_DATABASE_TEMPLATE: template, TEST_REDIS_URL: redis.value.url },
    templateUrl: postgres.value.urlOf(template),
    adminUrl,
    stop,
  }
}

/** A run that was killed hard could not clean up: its servers are ended and its folder is removed by the next one. */
async function sweepEarlierRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    const owner = readOwner(folder)
    if (!owner || (isAlive(owner.pid) && birthOf(owner.pid) === owner.birth)) continue
    await stopOrphanedRedis(join(folder, 'redis'))
    await stopOrphanedPostgres(owner.postgresFolder ?? join(folder, 'postgres'))
    removeRun(folder, owner)
  }
}

function readOwner(folder: string): Owner | undefined {
  try {
    if (statSync(folder).uid !== process.getuid?.()) return undefined
    return JSON.parse(readFileSync(join(folder, 'owner.json'), 'utf8')) as Owner
  } catch {
    return undefined
  }
}

function removeRun(folder: string, owner: Owner): void {
  // Where the database could not enter that folder, it had one of its own.
  const postgresHome = owner.postgresFolder ? dirname(owner.postgresFolder) : folder
  for (const path of new Set([folder, postgresHome])) rmSync(path, { recursive: true, force: true })
}
