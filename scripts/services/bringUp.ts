import { join } from 'node:path'
import { isPublicPlace, PUBLIC_DEMO_WORDS } from '../../server/publicDemo.ts'
import { type RunningChild, startChild } from './child.ts'
import { childLog } from './childLog.ts'
import { openDatabases } from './databases.ts'
import type { DataDir } from './dataDir.ts'
import { demoVariables, hasRealNumber } from './demoNumber.ts'
import { inboxPort, preferPort } from './listenPort.ts'
import type { Mode, Notices, PartName, Parts } from './parts.ts'
import { PlainError } from './plainError.ts'
import { prepareDatabase } from './prepareDatabase.ts'
import { step } from './progress.ts'
import type { Run } from './runFile.ts'
import { serverEnvironment } from './serverEnvironment.ts'
import { type Supervised, supervise } from './supervise.ts'
import { startVite } from './vite.ts'

export interface BringUp {
  mode: Mode
  dataDir: DataDir
  parts: Parts
  /** Fires when it shall stop half-way. */
  asked: AbortSignal
  note: (name: string, pid: number | undefined) => void
  notices: Notices
}

const serverEndsWithinMs = 20_000
const simulatorEndsWithinMs = 5_000
const readyWithinMs = 60_000
const vitePreferredPort = 5173
/** The phones have a port of their own near the inbox's, so that a bookmark stays good. */
const simulatorPortOffset = 100

/** Starts the parts one after the other and enters each into `parts`; says where they can be reached. */
export async function bringUp(options: BringUp): Promise<{
  addresses: Omit<Run, 'pids' | 'startedAt'>
  isDemo: boolean
  firstLink: string | null
}> {
  const { mode, dataDir, parts, asked, notices } = options
  const { env } = process
  const isDemo = !hasRealNumber(env)
  const host = env.HOST || '127.0.0.1'
  // Before anything is made: the server would refuse it too, but minutes later.
  if (
    isDemo &&
    env.DEMO_IN_PUBLIC !== 'yes' &&
    isPublicPlace({ host, publicUrl: env.PUBLIC_URL || undefined })
  )
    throw new PlainError(`This ${PUBLIC_DEMO_WORDS}.`)
  const port = await inboxPort(env.PORT, host)

  const { databaseUrl, redisUrl, ...own } = await openDatabases(env, dataDir, notices)
  Object.assign(parts, own)
  asked.throwIfAborted()
  await prepareDatabase(databaseUrl, isDemo, env)
  asked.throwIfAborted()
  if (mode === 'start') await (await import('../build.ts')).buildWeb()
  asked.throwIfAborted()

  const simulator = isDemo && !env.WHATSAPP_API_URL ? await startSimulator(port, options) : undefined
  if (simulator) parts.simulator = simulator
  asked.throwIfAborted()
  const simulatorUrl = simulator?.current().url
  const vitePort = mode === 'dev' ? await preferPort(vitePreferredPort) : undefined
  const url = env.PUBLIC_URL || `http://localhost:${vitePort ?? port}`
  const { sessionSecret, secretsKey, path } = dataDir
  const place = {
    databaseUrl,
    redisUrl,
    port,
    host,
    publicUrl: url,
    simulatorUrl,
    sessionSecret,
    secretsKey,
    dataDir: path,
  }
  const watch = mode === 'dev' ? ['--watch', '--no-clear-screen'] : []
  const server = await startOwn('server', options, {
    env: serverEnvironment(env, place),
    args: [...watch, 'server/main.ts'],
    endsWithinMs: serverEndsWithinMs,
  })
  parts.server = server
  asked.throwIfAborted()
  if (vitePort) parts.web = await startVite({ port: vitePort, apiPort: port, ...options })

  const postgresFolder = own.postgres?.current().folder
  const addresses = {
    ...{ url, databaseUrl, redisUrl },
    ...(simulatorUrl ? { simulatorUrl } : {}),
    ...(postgresFolder ? { postgresFolder } : {}),
  }
  return { addresses, isDemo, firstLink: server.current().firstLink }
}

async function startSimulator(inboxPort: number, options: BringUp): Promise<Supervised<RunningChild>> {
  const port = await preferPort(inboxPort + simulatorPortOffset)
  const args = ['scripts/simulate/main.ts', '--port', String(port)]
  args.push('--webhook-url', `http://127.0.0.1:${inboxPort}/webhooks/whatsapp`)
  args.push('--data-dir', join(options.dataDir.path, 'simulator'))
  const env = { ...process.env, ...demoVariables(process.env) }
  return startOwn('simulator', options, { env, args, endsWithinMs: simulatorEndsWithinMs })
}

interface Own {
  env: NodeJS.ProcessEnv
  args: string[]
  endsWithinMs: number
}

/** A script of ours as a part: logged, supervised, and noted for a later start that may have to end it. */
function startOwn(
  name: PartName,
  { dataDir, note, notices }: BringUp,
  own: Own,
): Promise<Supervised<RunningChild>> {
  const onLine = childLog(dataDir.path, name)
  const onPid = (pid: number) => note(name, pid)
  const start = () => startChild({ name, ...own, readyWithinMs, onLine, onPid })
  return step(
    name,
    () => supervise({ name, start, ...notices }),
    (part) => part.current().url,
  )
}
