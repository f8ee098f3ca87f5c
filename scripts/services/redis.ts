import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivately } from './dataDir.ts'
import { lastLines } from './lastLines.ts'
import { commandOf, isAlive, stopProcess } from './liveProcess.ts'
import { PlainError } from './plainError.ts'
import { isPortFree, keepPort, keptPort, rememberedPort } from './port.ts'
import { redisConfig } from './redisConfig.ts'
import { pingRedis } from './redisPing.ts'
import type { RunningService } from './runningService.ts'

export interface RedisOptions {
  /** Everything of this server lies here: its log of commands, port, password and own log. */
  dir: string
  program?: string
  /** A fixed port; without one it is picked free and remembered in the folder. */
  port?: number
  databases?: number
  settings?: Record<string, string>
}

/** A large log of commands takes its time to load; meanwhile the server answers LOADING. */
const readyWithinMs = 10 * 60_000
const attempts = 3

/** Starts a Redis of our own on 127.0.0.1. One that an earlier start left running in this folder is stopped first. */
export async function startRedis(options: RedisOptions): Promise<RunningService> {
  const { dir } = options
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  await stopOrphanedRedis(dir)
  const password = keptPassword(dir)
  for (let attempt = 1; ; attempt++) {
    const port = options.port ? keepPort(join(dir, 'port'), options.port) : await keptPort(join(dir, 'port'))
    if (options.port && !(await isPortFree(port))) throw new PlainError(`Redis: port ${port} is taken.`)
    const config = redisConfig({
      dir,
      port,
      password,
      databases: options.databases ?? 16,
      settings: options.settings,
    })
    writePrivately(join(dir, 'redis.conf'), config)
    rmSync(join(dir, 'redis.log'), { force: true })
    const child = spawn(options.program ?? 'redis-server', [join(dir, 'redis.conf')], {
      // A group of its own: Ctrl-C on the terminal reaches start.ts alone, which stops everything in order.
      detached: true,
      stdio: 'ignore',
    })
    const exited = new Promise<string>((resolve) => {
      child.on('error', (error) => resolve(error.message))
      child.on('exit', (code, signal) => resolve(signal ?? `code ${code}`))
    })
    const pid = child.pid ?? 0
    if (await isReady({ port, password, exited })) {
      return {
        // With the user's name: redis-cli takes `redis://:password@…` for a user without a name, and is refused.
        url: `redis://default:${password}@127.0.0.1:${port}`,
        port,
        pid,
        exited,
        stop: (hurry) => stopRedis(pid, hurry),
      }
    }
    await stopRedis(pid)
    const why = lastLines(join(dir, 'redis.log'), 5)
    const isPortGone = why.includes('Address already in use')
    if (!isPortGone || options.port || attempt === attempts) throw new PlainError(explain(why, dir))
  }
}

/** Ends the server that a hard kill left running in this folder, if there is one. */
export async function stopOrphanedRedis(dir: string): Promise<void> {
  const pid = Number(readText(join(dir, 'redis.pid')))
  const port = rememberedPort(join(dir, 'port'))
  if (!pid || !port || !isAlive(pid)) return
  // The number may be somebody else's by now; ours names its port on its command line.
  const command = commandOf(pid)
  if (/(redis|valkey)-server/.test(command) && command.includes(`:${port}`)) await stopRedis(pid)
}

/** SIGTERM lets it finish its log. SIGKILL loses nothing that was answered: that was on the disk before. */
async function stopRedis(pid: number, hurry?: AbortSignal): Promise<void> {
  const signals = [
    ['SIGTERM', 10_000],
    ['SIGKILL', 5_000],
  ] as const
  if (pid) await stopProcess(pid, signals, hurry)
}

async function isReady(server: {
  port: number
  password: string
  exited: Promise<string>
}): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs
  let hasExited = false
  void server.exited.then(() => {
    hasExited = true
  })
  while (!hasExited && performance.now() < deadline) {
    if (await pingRedis(server.port, server.password)) return !hasExited
    await Bun.sleep(10)
  }
  return false
}

function keptPassword(dir: string): string {
  const file = join(dir, 'password')
  const kept = readText(file)
  if (kept) return kept
  const password = randomBytes(18).toString('base64url')
  writePrivately(file, password)
  return password
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

function explain(why: string, dir: string): string {
  const isDamaged = /Bad file format|Unrecoverable error/.test(why)
  const wayOut = isDamaged
    ? `Its log of commands is damaged in the middle. Copy ${dir} aside, then: redis-check-aof --fix ${dir}/appendonlydir/*.manifest`
    : `Its log: ${dir}/redis.log`
  return `Redis did not start. ${wayOut}\n${why}`
}
