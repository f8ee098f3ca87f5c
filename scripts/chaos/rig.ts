import { Redis } from 'ioredis'
import postgres from 'postgres'
import { GROUP, STREAM } from '../../server/ingest/stream.ts'
import { ageUnacked } from './ageUnacked.ts'
import { Follower } from './follower.ts'
import { productEnvironment } from './productEnvironment.ts'
import { ProductProcess } from './productProcess.ts'
import { steadyPort } from './steadyPort.ts'
import type { Stores } from './stores.ts'

export type RigOptions = {
  /** What the server does besides taking webhooks: with `consume`, it has the thread. */
  roles?: string
  /** Separate consumer processes. */
  consumers?: number
  /** A process that runs the supervised thread alone, and ends it when told. */
  hasThreadHost?: boolean
  /** Faults for every process, for as long as it runs. */
  faults?: string
  /** Where the product finds its stores, when there is something in between. */
  redisUrl?: (direct: string) => string
  databaseUrl?: (direct: string) => string
  hasFollower?: boolean
  /** Separate senders, which send to this Graph API. */
  senders?: number
  graphUrl?: string
  accessToken?: string
  /** Where the server listens; a free one when nothing is said. */
  port?: number
}

let rigs = 0

/** The product under test on a fresh database and an empty Redis, with an agent who follows the feed. */
export class Rig {
  readonly server: ProductProcess
  readonly consumers: ProductProcess[]
  readonly threadHost: ProductProcess | null
  readonly senders: ProductProcess[]
  /** What every process is armed with. */
  readonly faults: string | undefined
  follower: Follower | null = null

  private constructor(
    readonly stores: Stores,
    readonly url: string,
    readonly redis: Redis,
    readonly sql: postgres.Sql,
    readonly databaseUrl: string,
    readonly startSeq: number,
    env: Record<string, string>,
    options: RigOptions,
  ) {
    const roles = options.roles ?? 'server,consume'
    this.server = new ProductProcess({ script: 'server/main.ts', env: { ...env, ROLES: roles } })
    this.consumers = Array.from(
      { length: options.consumers ?? 0 },
      () => new ProductProcess({ script: 'server/ingest/process.ts', env }),
    )
    this.threadHost = options.hasThreadHost
      ? new ProductProcess({ script: 'scripts/chaos/threadHost.ts', env })
      : null
    this.senders = Array.from(
      { length: options.senders ?? 0 },
      () => new ProductProcess({ script: 'server/main.ts', env: { ...env, ROLES: 'send' } }),
    )
    this.faults = options.faults
  }

  static async open(stores: Stores, options: RigOptions = {}): Promise<Rig> {
    rigs += 1
    const name = `chaos_${process.pid}_${rigs}`
    const admin = postgres(stores.adminUrl, { max: 1, onnotice: () => {} })
    await admin`create database ${admin(name)} template ${admin(stores.template)} strategy file_copy`
    await admin.end()
    const direct = stores.urlOf(name)
    const port = options.port ?? (await steadyPort())
    const url = `http://127.0.0.1:${port}`
    const redis = new Redis(stores.redisUrl, { retryStrategy: () => 50, maxRetriesPerRequest: null })
    redis.on('error', () => {})
    await redis.flushall()
    const sql = postgres(direct, { max: 2, onnotice: () => {}, backoff: () => 0.1 })
    const [counter] = await sql<{ last: string }[]>`select max(last_seq)::text as last from event_counters`
    const env = productEnvironment(
      {
        DATABASE_URL: options.databaseUrl?.(direct) ?? direct,
        REDIS_URL: options.redisUrl?.(stores.redisUrl) ?? stores.redisUrl,
        PORT: String(port),
        PUBLIC_URL: url,
        ...(options.graphUrl && { WHATSAPP_API_URL: options.graphUrl }),
        ...(options.accessToken && { WHATSAPP_ACCESS_TOKEN: options.accessToken }),
      },
      options.faults,
    )
    const rig = new Rig(stores, url, redis, sql, direct, Number(counter?.last ?? 0), env, options)
    await Promise.all(rig.processes.map((one) => one.start()))
    if (options.hasFollower !== false) rig.follower = await Follower.open(url, String(rig.startSeq))
    return rig
  }

  get processes(): ProductProcess[] {
    return [this.server, ...this.consumers, ...this.senders, ...(this.threadHost ? [this.threadHost] : [])]
  }

  /** Entries that some consumer was given and has not acked. */
  async unacked(): Promise<number> {
    return Number(listOf(await this.redis.xpending(STREAM, GROUP).catch(() => []))[0] ?? 0)
  }

  /** Whether this consumer, dead now, was given entries that it never acked. Its names tell its process number. */
  async holdsFor(consumer: ProductProcess | undefined): Promise<boolean> {
    const list = listOf(await this.redis.xpending(STREAM, GROUP, '-', '+', 2000).catch(() => []))
    return list.some((row) => String(listOf(row)[1]).split(':').includes(String(consumer?.pid)))
  }

  /** Entries that are not stored yet, given out or not. Without an answer nobody can know, and none must not look like zero. */
  async waiting(): Promise<number> {
    const reply: unknown = await this.redis.xinfo('GROUPS', STREAM).catch(() => [])
    const fields = listOf(listOf(reply)[0])
    const at = (field: string) => fields[fields.indexOf(field) + 1]
    if (!fields.includes('pending')) return Number.POSITIVE_INFINITY
    const pending = Number(at('pending'))
    const lag = at('lag')
    if (typeof lag === 'number') return pending + lag
    const ahead = await this.redis.xrange(STREAM, `(${String(at('last-delivered-id'))}`, '+', 'COUNT', 1000)
    return pending + ahead.length
  }

  /** What processes of the product complained about that must never happen. */
  get alarms(): string[] {
    const reported = this.processes.reduce((sum, one) => sum + one.alarms, 0)
    return reported > 0 ? [`the product itself reported lost data ${reported} times`] : []
  }

  /** See `ageUnacked.ts`. */
  ageUnacked(): Promise<void> {
    return ageUnacked(this.redis)
  }

  /** Waits until all that was taken is stored and told; false when nothing has moved for so long that it never will be. */
  async isQuiet(stuckAfterMs: number): Promise<boolean> {
    let movedAtMs = performance.now()
    let before = ''
    while (performance.now() - movedAtMs < stuckAfterMs) {
      const waiting = await this.waiting()
      if (waiting === 0 && (await this.isAllTold())) return true
      const state = `${waiting} ${this.follower?.cursor}`
      if (state !== before) movedAtMs = performance.now()
      before = state
      await Bun.sleep(50)
    }
    return false
  }

  /** Waits until consumers have nearly caught up; false when they do not. */
  async hasCaughtUp(withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs
    while ((await this.waiting()) > NEARLY_CAUGHT_UP) {
      if (performance.now() > deadline) return false
      await Bun.sleep(20)
    }
    return true
  }

  /** Brings back consumers that ended, with what they left open to be claimed. */
  async restartConsumers(): Promise<void> {
    await this.ageUnacked()
    await Promise.all(this.consumers.filter((one) => !one.isRunning).map((one) => one.start()))
  }

  async close(): Promise<void> {
    await this.follower?.close()
    await Promise.all(this.processes.map((one) => one.kill()))
    this.redis.disconnect()
    await this.sql.end({ timeout: 1 })
    const admin = postgres(this.stores.adminUrl, { max: 1, onnotice: () => {} })
    await admin`drop database if exists ${admin(new URL(this.databaseUrl).pathname.slice(1))} with (force)`
    await admin.end()
  }

  async #lastSeq(): Promise<number> {
    const [row] = await this.sql<{ last: string }[]>`select max(last_seq)::text as last from event_counters`
    return Number(row?.last ?? 0)
  }

  async isAllTold(): Promise<boolean> {
    return this.follower === null || this.follower.cursor >= (await this.#lastSeq())
  }
}

const NEARLY_CAUGHT_UP = 300

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
