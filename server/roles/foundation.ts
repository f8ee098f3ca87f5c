import type { Redis } from 'ioredis'
import type { Registry } from 'prom-client'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import type { Env } from '../env.ts'
import { createRegister } from '../http/metrics.ts'
import { type Bell, createBell } from '../live/bell.ts'
import type { PresenceTimes } from '../live/presence.ts'
import type { Log } from '../log.ts'
import { createIngestMetrics, observeStores } from '../metrics.ts'
import { connectBlockingRedis, connectRedis, whenReady } from '../redis.ts'
import { type ChannelSecrets, openChannelSecrets } from '../secrets/channelSecrets.ts'
import { createKeyRing, type KeyRing } from '../secrets/keyRing.ts'
import { type MediaStore, openMediaStore } from '../storage/mediaStore.ts'
import type { TokenOf } from '../whatsapp/accessToken.ts'

/** What every role stands on. */
export type Foundation = {
  env: Env
  log: Log
  db: DatabaseClient['db']
  sql: DatabaseClient['sql']
  redis: Redis
  /** The one connection of this process that listens to channels of Redis. */
  subscriber: Redis
  bell: Bell
  store: MediaStore
  /** Where the Graph API is, and what opens it for each channel. */
  api: { apiUrl: string; tokenOf: TokenOf }
  secrets: ChannelSecrets
  keys: KeyRing
  register: Registry
  metrics: ReturnType<typeof createIngestMetrics>
  /** What is pushed here is called at the stop, last in first out. */
  stops: (() => Promise<void> | void)[]
  /** How long a tab is here without a word; the usual times when nothing is said. */
  presenceTimes?: PresenceTimes | undefined
  /** Where the built web app lies; where `bun run build` puts it when nothing is said. */
  siteFolder?: string | undefined
  now(): Date
}

const READY_WITHIN_MS = 15_000

/** Connects to Postgres and Redis, and throws when one of them does not answer. */
export async function openFoundation(env: Env, log: Log, stops: Foundation['stops']): Promise<Foundation> {
  const { db, sql, close } = openDatabase(env.databaseUrl)
  stops.push(close)
  await sql`select 1`
  const redis = connectRedis(env.redisUrl, log)
  const subscriber = connectBlockingRedis(env.redisUrl, 0, log)
  stops.push(() => {
    subscriber.disconnect()
    redis.disconnect()
  })
  await whenReady(redis, READY_WITHIN_MS)
  const bell = createBell(redis, subscriber, log)
  stops.push(() => bell.close())
  const keys = createKeyRing(env.secretsKeys)
  const secrets = await openChannelSecrets({ sql, keys, common: env, bell, log })
  stops.push(() => secrets.close())
  const register = createRegister()
  observeStores(register, redis, sql)
  return {
    env,
    log,
    db,
    sql,
    redis,
    subscriber,
    bell,
    store: openMediaStore(env.mediaStore),
    api: { apiUrl: env.whatsappApiUrl, tokenOf: secrets.tokenOf },
    secrets,
    keys,
    register,
    metrics: createIngestMetrics(register),
    stops,
    now: () => new Date(),
  }
}
