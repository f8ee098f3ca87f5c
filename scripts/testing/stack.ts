import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seedDemo } from '../../db/seed.ts'
import { type Env, readEnv } from '../../server/env.ts'
import { createLog } from '../../server/log.ts'
import { type Settings, startServer } from '../../server/start.ts'
import { testDatabase } from '../../server/testing/testDatabase.ts'
import { testRedis } from '../../server/testing/testRedis.ts'
import { freePort } from '../services/port.ts'
import { type Simulator, type SimulatorOptions, startSimulator } from '../simulate/simulator.ts'

export type Stack = {
  url: string
  env: Env
  simulator: Simulator
  databaseUrl: string
  redisUrl: string
  /** Stops the server and starts it again on the same port, database and Redis. */
  restartServer(): Promise<void>
  /** Starts one more server process's worth of server, on the same database and Redis. */
  startAnother(): Promise<{ url: string; stop(): Promise<void> }>
  stop(): Promise<void>
}

/** Everything of `bun start`, on servers of its own, with the demo seeded: for tests that go end to end. */
export async function startStack(
  options: {
    simulator?: Partial<SimulatorOptions>
    logLevel?: string
    /** Off for tests that ask more than anybody may. */
    hasRateLimits?: boolean
    /** Further variables of the environment. */
    variables?: Record<string, string>
  } & Settings = {},
): Promise<Stack> {
  const [database, redis, port, folder] = await Promise.all([
    testDatabase(),
    testRedis(),
    freePort(),
    mkdtemp(join(tmpdir(), 'baton-stack-')),
  ])
  const url = `http://127.0.0.1:${port}`
  const simulator = await startSimulator({
    webhookUrl: `${url}/webhooks/whatsapp`,
    delays: { sentMs: [1, 5], deliveredMs: [1, 5], readMs: [1, 5] },
    ...options.simulator,
  })
  const { channel } = simulator
  await seedDemo(database.url, { ...channel, displayPhoneNumber: channel.displayNumber, name: 'Support' })
  const env = readEnv({
    DATABASE_URL: database.url,
    REDIS_URL: redis.url,
    PORT: String(port),
    PUBLIC_URL: url,
    SESSION_SECRET: 'a secret for tests only, long enough',
    BATON_SECRETS_KEY: '5ec7e7'.repeat(10) + '0000',
    DATA_DIR: folder,
    LOG_LEVEL: options.logLevel ?? 'error',
    WHATSAPP_API_URL: simulator.apiUrl,
    WHATSAPP_ACCESS_TOKEN: channel.accessToken,
    WHATSAPP_APP_SECRET: channel.appSecret,
    WHATSAPP_VERIFY_TOKEN: channel.verifyToken,
    DEMO: '1',
    RATE_LIMITS: options.hasRateLimits === false ? 'off' : 'on',
    ...options.variables,
  })
  const settings: Settings = { presenceTimes: options.presenceTimes, siteFolder: options.siteFolder }
  const start = () => startServer(env, createLog({ level: env.logLevel, name: 'stack' }), settings)
  let server = await start()
  return {
    url,
    env,
    simulator,
    databaseUrl: database.url,
    redisUrl: redis.url,
    restartServer: async () => {
      await server.stop()
      server = await start()
    },
    startAnother: async () => {
      const anotherPort = await freePort()
      const anotherUrl = `http://127.0.0.1:${anotherPort}`
      const its = { ...env, port: anotherPort, publicUrl: anotherUrl }
      const another = await startServer(its, createLog({ level: env.logLevel, name: 'another' }), settings)
      return { url: anotherUrl, stop: another.stop }
    },
    stop: async () => {
      await server.stop()
      await simulator.stop()
      await database.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
