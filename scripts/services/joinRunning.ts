import { openDataDir } from './dataDir.ts'
import { readRun } from './runFile.ts'
import { serverEnvironment } from './serverEnvironment.ts'

/**
 * Lets a process of the product join the instance that runs on this data directory, with nothing to set up. With
 * DATABASE_URL or REDIS_URL set the environment is taken as it is: that is production.
 */
export function joinRunning(env: NodeJS.ProcessEnv): void {
  const run = readRun()
  if (!run || env.DATABASE_URL || env.REDIS_URL) return
  const { path, sessionSecret, secretsKey } = openDataDir()
  const { databaseUrl, redisUrl, simulatorUrl, url } = run
  const place = { databaseUrl, redisUrl, simulatorUrl, port: 0, host: '127.0.0.1', publicUrl: url }
  Object.assign(env, serverEnvironment(env, { ...place, sessionSecret, secretsKey, dataDir: path }))
}
