import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../../db/migrate.ts'
import { seedDemo } from '../../db/seed.ts'
import { DEMO } from '../../server/testing/delivery.ts'
import { ensureDatabase } from '../services/ensureDatabase.ts'
import { hasEnded } from '../services/liveProcess.ts'
import { type RunningPostgres, startPostgres } from '../services/postgres.ts'
import { startRedis } from '../services/redis.ts'
import type { RunningService } from '../services/runningService.ts'
import { steadyPort } from './steadyPort.ts'

/** A migrated database with the demo's people in it; each fault works on a copy. */
const TEMPLATE = 'chaos_template'

export type StoresOptions = {
  /** Everything of both servers lies here. */
  folder: string
  redisProgram: string
  ports: Record<Store, number>
}

/** Where Redis runs, when it shall be elsewhere than usual. */
export type RedisPlace = { dir?: string; program?: string }

/** The run's own Redis and durable Postgres: they can be killed, stopped and brought back on the same port and data. */
export class Stores {
  readonly #options: StoresOptions
  #redis: RunningService
  #postgres: RunningPostgres
  #redisPlace: RedisPlace = {}

  private constructor(options: StoresOptions, redis: RunningService, postgres: RunningPostgres) {
    this.#options = options
    this.#redis = redis
    this.#postgres = postgres
  }

  static async open(place: Omit<StoresOptions, 'ports'>): Promise<Stores> {
    const options = { ...place, ports: { redis: await steadyPort(), postgres: await steadyPort() } }
    const [redis, postgres] = await Promise.all([launchRedis(options, {}), launchPostgres(options)])
    const stores = new Stores(options, redis, postgres)
    await ensureDatabase(stores.adminUrl, TEMPLATE)
    const url = postgres.urlOf(TEMPLATE)
    await migrate(url)
    await seedDemo(url, { ...DEMO, name: 'Support' })
    return stores
  }

  get redisUrl(): string {
    return this.#redis.url
  }

  get adminUrl(): string {
    return this.#postgres.urlOf('postgres')
  }

  get template(): string {
    return TEMPLATE
  }

  get postgresFolder(): string {
    return this.#postgres.folder
  }

  urlOf(database: string): string {
    return this.#postgres.urlOf(database)
  }

  pidsOf(store: Store): number[] {
    if (store === 'redis') return [this.#redis.pid]
    return [this.#postgres.pid, ...childrenOf(this.#postgres.pid)]
  }

  /** `kill -9`, of Postgres with all its backends, as when the machine takes them; resolves when they are gone. */
  async kill(store: Store): Promise<void> {
    const pids = this.pidsOf(store)
    for (const pid of pids) signal(pid, 'SIGKILL')
    for (const pid of pids) await hasEnded(pid, 10_000)
  }

  async start(store: Store): Promise<void> {
    if (store === 'redis') this.#redis = await launchRedis(this.#options, this.#redisPlace)
    else this.#postgres = await launchPostgres(this.#options)
  }

  /** Stops Redis and starts it in another folder, or under another program; `{}` is the usual place. */
  async moveRedis(place: RedisPlace): Promise<void> {
    await this.#redis.stop()
    this.#redisPlace = place
    await this.start('redis')
  }

  /** Where Redis keeps its log of commands. */
  get redisFolder(): string {
    return this.#redisPlace.dir ?? join(this.#options.folder, 'redis')
  }

  /** Waits for a store to end by itself. */
  hasEnded(store: Store, withinMs: number): Promise<boolean> {
    return hasEnded((store === 'redis' ? this.#redis : this.#postgres).pid, withinMs)
  }

  /** SIGSTOP for a while: alive to everybody who looks, and silent. */
  async freeze(store: Store, ms: number): Promise<void> {
    const pids = this.pidsOf(store)
    for (const pid of pids) signal(pid, 'SIGSTOP')
    await Bun.sleep(ms)
    for (const pid of pids) signal(pid, 'SIGCONT')
  }

  async stop(): Promise<void> {
    for (const pid of [...this.pidsOf('redis'), ...this.pidsOf('postgres')]) signal(pid, 'SIGCONT')
    await Promise.all([this.#redis.stop(), this.#postgres.stop()])
  }
}

export type Store = 'redis' | 'postgres'

/** Sends a signal; a process that has ended meanwhile is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

const launchRedis = ({ folder, redisProgram, ports }: StoresOptions, { dir, program }: RedisPlace) =>
  onItsPort(() =>
    startRedis({ dir: dir ?? join(folder, 'redis'), program: program ?? redisProgram, port: ports.redis }),
  )

const launchPostgres = ({ folder, ports }: StoresOptions) =>
  onItsPort(() =>
    startPostgres({ dataDir: { path: folder, id: 'chaos' }, isDurable: true, port: ports.postgres }),
  )

/** Those who try to connect meanwhile may hold the port for an instant. */
async function onItsPort<Service>(launch: () => Promise<Service>): Promise<Service> {
  for (let left = PORT_TRIES; ; left--) {
    try {
      return await launch()
    } catch (error) {
      const isTaken = error instanceof Error && error.message.endsWith('is taken.')
      if (!isTaken || left === 0) throw error
      await Bun.sleep(50)
    }
  }
}

const PORT_TRIES = 40

/** The processes that one has started. Where the system has no such list, those of Postgres end by themselves. */
function childrenOf(parent: number): number[] {
  try {
    const list = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8')
    return list.split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}
