import { Redis } from 'ioredis'
import postgres from 'postgres'
import { startChild } from '../services/child.ts'
import { Generator } from './generator.ts'
import { type Servers, startServers, TEMPLATE } from './servers.ts'

/** A process that a row has started. */
export type Actor = { pid: number; url: string; port: number; stop(): Promise<void> }

export type ActorOptions = { env?: Record<string, string>; readyLine?: RegExp; flags?: string[] }

const READY_WITHIN_MS = 30_000
const ENDS_WITHIN_MS = 15_000
/** The user's own settings must not reach what is measured. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR']

/** Where the rows play: the servers, the generator, and every process a row starts, all gone after `close`. */
export class Stage {
  readonly #servers: Servers
  readonly #actors = new Set<Actor>()
  readonly redis: Redis
  #databases = 0
  #generator: Generator | null = null

  private constructor(servers: Servers) {
    this.#servers = servers
    this.redis = new Redis(servers.redis.url)
    this.redis.on('error', () => {})
  }

  static async open(say: (what: string) => void): Promise<Stage> {
    return new Stage(await startServers(say))
  }

  get redisUrl(): string {
    return this.#servers.redis.url
  }

  get postgresVersion(): string {
    return this.#servers.postgres.version
  }

  /** The processes of the two databases, for their CPU time. */
  get pids(): { redis: number; postgres: number } {
    return { redis: this.#servers.redis.pid, postgres: this.#servers.postgres.pid }
  }

  /** A fresh copy of the template, and an empty Redis. The earlier copy is removed, and its pages are on disk. */
  async freshDatabase(): Promise<string> {
    await this.emptyRedis()
    const admin = postgres(this.#servers.postgres.urlOf('postgres'), { max: 1, onnotice: () => {} })
    try {
      if (this.#databases > 0) {
        await admin`drop database if exists ${admin(`bench_${this.#databases}`)} with (force)`
      }
      const name = `bench_${++this.#databases}`
      await admin`create database ${admin(name)} template ${admin(TEMPLATE)}`
      await admin`checkpoint`
      return this.#servers.postgres.urlOf(name)
    } finally {
      await admin.end()
    }
  }

  /** Empties Redis and starts its log of commands anew, so that no run pays for the one before. */
  async emptyRedis(): Promise<void> {
    await this.redis.flushall()
    await this.redis.bgrewriteaof().catch(() => {})
    for (;;) {
      const info = await this.redis.info('persistence')
      if (/aof_rewrite_in_progress:0/.test(info) && /aof_rewrite_scheduled:0/.test(info)) return
      await Bun.sleep(10)
    }
  }

  /** Starts a script of this repository, such as `server/main.ts`. */
  async start(script: string, { env = {}, readyLine, flags = [] }: ActorOptions = {}): Promise<Actor> {
    const passed = Object.fromEntries(PASSED_ON.flatMap((name) => entryOf(name)))
    const child = await startChild({
      name: script,
      args: [...flags, '--no-env-file', script],
      env: { ...passed, ...env },
      readyWithinMs: READY_WITHIN_MS,
      endsWithinMs: ENDS_WITHIN_MS,
      onLine: () => {},
      ...(readyLine ? { readyLine } : {}),
    })
    const actor: Actor = {
      pid: child.pid,
      url: child.url,
      port: Number(URL.parse(child.url)?.port ?? 0),
      stop: async () => {
        this.#actors.delete(actor)
        await child.stop()
      },
    }
    this.#actors.add(actor)
    return actor
  }

  async generator(): Promise<Generator> {
    this.#generator ??= new Generator(await this.start('scripts/bench/load/main.ts'))
    return this.#generator
  }

  /** Ends what a row has left running, but for the generator. */
  async clear(): Promise<void> {
    for (const actor of [...this.#actors]) if (actor.pid !== this.#generator?.pid) await actor.stop()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#actors].map((actor) => actor.stop()))
    this.redis.disconnect()
    await this.#servers.stop()
  }
}

function entryOf(name: string): [string, string][] {
  const value = process.env[name]
  return value === undefined ? [] : [[name, value]]
}
