import { freePort } from '../services/port.ts'
import { serverEnvironment } from '../services/serverEnvironment.ts'
import type { Actor, Stage } from './stage.ts'

/** Rows sign the cookies of their agents with it. */
export const BENCH_SECRET = 'a secret of this bench, long enough to be one'

export type ProductOptions = {
  databaseUrl: string
  /** As in the variable `ROLES`. */
  roles: string
  graphUrl?: string
  flags?: string[]
}

/** Starts the server as `bun run serve` does, with its log at the level it has in production. */
export async function startProduct(stage: Stage, options: ProductOptions): Promise<Actor> {
  const port = await freePort()
  const env = {
    ...environmentOf(stage, options, port),
    ROLES: options.roles,
  }
  return stage.start('server/main.ts', {
    env,
    // Without the role of a server nothing listens, and no address is told.
    ...(options.roles === 'send' && { readyLine: /sender started/ }),
    ...(options.flags ? { flags: options.flags } : {}),
  })
}

/** Starts a consumer as `bun run consume` does; ready when its loop runs. */
export function startConsumer(
  stage: Stage,
  options: { databaseUrl: string; flags?: string[] },
): Promise<Actor> {
  const env = environmentOf(stage, { ...options, roles: 'consume' }, 0)
  return stage.start('server/ingest/process.ts', {
    env,
    readyLine: /consumer started/,
    ...(options.flags ? { flags: options.flags } : {}),
  })
}

function environmentOf(stage: Stage, { databaseUrl, graphUrl }: ProductOptions, port: number) {
  const place = serverEnvironment(
    {},
    {
      databaseUrl,
      redisUrl: stage.redisUrl,
      port,
      host: '127.0.0.1',
      publicUrl: `http://127.0.0.1:${port}`,
      sessionSecret: BENCH_SECRET,
      secretsKey: 'be'.repeat(32),
      dataDir: '.data',
      simulatorUrl: graphUrl ?? 'http://127.0.0.1:9',
    },
  )
  // A handful of agents of a bench ask as often as a thousand would: it is not they that are to be measured.
  const env: Record<string, string> = { LOG_LEVEL: 'info', RATE_LIMITS: 'off' }
  for (const [name, value] of Object.entries(place)) if (value !== undefined) env[name] = value
  return env
}
