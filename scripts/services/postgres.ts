import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { databaseAccount } from './account.ts'
import { ensureDatabase } from './ensureDatabase.ts'
import { lastLines } from './lastLines.ts'
import { commandOf, isAlive, stopProcess } from './liveProcess.ts'
import { PlainError } from './plainError.ts'
import { isPortFree, keepPort, keptPort } from './port.ts'
import { clusterPassword, databaseOwner, makeCluster } from './postgresCluster.ts'
import { clusterHome, inspectCluster } from './postgresFolder.ts'
import { findPostgres } from './postgresProgram.ts'
import { databaseEnvironment, postgresArguments } from './postgresSettings.ts'
import type { RunningService } from './runningService.ts'

export interface PostgresOptions {
  dataDir: { path: string; id: string }
  /** A fixed port; without one it is picked free and remembered in the data directory. */
  port?: number
  /** False for tests: no fsync. */
  isDurable?: boolean
  say?: (what: string) => void
}

export interface RunningPostgres extends RunningService {
  /** Where its files are: not always below the data directory (see clusterHome). */
  folder: string
  version: string
  /** The url of another database of this server. */
  urlOf(database: string): string
}

/** Recovery after a crash replays the log since the last checkpoint. */
const readyWithinMs = 5 * 60_000
const attempts = 3

/** Starts PostgreSQL on 127.0.0.1, with the database `baton`. One that an earlier start left running is stopped first. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, isDurable = true } = options
  const portFile = join(dataDir.path, 'postgres.port')
  const home = clusterHome(dataDir, databaseAccount())
  const folder = join(home, 'postgres')
  const isReadyMade = inspectCluster(folder) === 'ready'
  const account = databaseAccount(isReadyMade ? folder : undefined)
  const program = findPostgres(account)
  if (isReadyMade) await stopOrphanedPostgres(folder)
  else {
    options.say?.(`making the database folder ${folder}`)
    makeCluster(folder, program.initdb, account, isDurable)
  }
  mkdirSync(join(dataDir.path, 'logs'), { recursive: true })
  const logFile = join(dataDir.path, 'logs', 'postgres.log')
  for (let attempt = 1; ; attempt++) {
    const port = options.port ? keepPort(portFile, options.port) : await keptPort(portFile)
    if (options.port && !(await isPortFree(port))) throw new PlainError(`PostgreSQL: port ${port} is taken.`)
    const log = openSync(logFile, 'a', 0o600)
    const child = spawn(program.postgres, postgresArguments(folder, port, isDurable), {
      ...(account ? { uid: account.uid, gid: account.gid } : {}),
      // A group of its own: Ctrl-C on the terminal reaches start.ts alone, which stops everything in order.
      detached: true,
      cwd: '/',
      env: databaseEnvironment(),
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    const exited = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message))
      child.on('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    })
    const pid = child.pid ?? 0
    if (await isReady(folder, pid, exited)) {
      const urlOf = (database: string) =>
        `postgres://${databaseOwner}:${clusterPassword(folder)}@127.0.0.1:${port}/${database}`
      await ensureDatabase(urlOf('postgres'), databaseOwner)
      const stop = (hurry?: AbortSignal) => stopPostgres(pid, hurry)
      return { url: urlOf(databaseOwner), port, pid, exited, folder, version: program.version, urlOf, stop }
    }
    await stopPostgres(pid)
    const why = lastLines(logFile, 6)
    const isPassing = /Address already in use|pre-existing shared memory/.test(why)
    if (!isPassing || attempt === attempts)
      throw new PlainError(`PostgreSQL did not start. Its log: ${logFile}\n${why}`)
    await Bun.sleep(500 * attempt)
  }
}

/**
 * A hard kill of start.ts leaves the database running: it is ended in good order. When the number in its pid file is
 * now somebody else's, the file is removed, or PostgreSQL would take them for its own; when it is nobody's, PostgreSQL
 * knows better (it still checks for shared memory in use).
 */
export async function stopOrphanedPostgres(folder: string): Promise<void> {
  const pid = Number(pidFileLines(folder)[0])
  if (!pid || !isAlive(pid)) return
  if (commandOf(pid).includes(`-D ${folder} `)) await stopPostgres(pid)
  else rmSync(join(folder, 'postmaster.pid'), { force: true })
}

/** SIGINT is the fast shutdown, with a checkpoint; SIGQUIT leaves recovery to the next start; neither loses a commit. */
async function stopPostgres(pid: number, hurry?: AbortSignal): Promise<void> {
  const signals = [
    ['SIGINT', 20_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const
  if (pid) await stopProcess(pid, signals, hurry)
}

/** The server writes its state into its pid file: our own, and ready. */
async function isReady(folder: string, pid: number, exited: Promise<string>): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs
  let hasExited = false
  void exited.then(() => {
    hasExited = true
  })
  while (!hasExited && performance.now() < deadline) {
    const lines = pidFileLines(folder)
    if (Number(lines[0]) === pid && lines[7]?.trim() === 'ready') return true
    await Bun.sleep(10)
  }
  return false
}

function pidFileLines(folder: string): string[] {
  try {
    return readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return []
  }
}
