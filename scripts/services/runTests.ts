import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb } from '../build.ts'
import { root } from '../install.ts'
import { findChromium } from './chromium.ts'
import { ensureDatabase } from './ensureDatabase.ts'
import { type Leaving, listenForLeaving } from './leaving.ts'
import { stopProcess } from './liveProcess.ts'
import { PlainError } from './plainError.ts'
import { step } from './progress.ts'
import { findRedis } from './redisProgram.ts'
import { TestFailures } from './testFailures.ts'
import { startTestServers, type TestServers, template } from './testRun.ts'
import { summaryLine, TestCount, type TestSummary } from './testSummary.ts'

const folders = ['server', 'db', 'scripts', 'web']
const testWithinMs = 30_000
/** The user's own set-up must not reach a test: it would run against a real database. */
const ownSettings =
  /^(DATABASE_URL|REDIS_URL|PORT|HOST|PUBLIC_URL|SESSION_SECRET|DATA_DIR|MEDIA_STORE|LOG_LEVEL|ROLES|DEMO|DEMO_IN_PUBLIC|SMTP_.*|WHATSAPP_.*|npm_.*)$/

/** Sets everything up, runs the tests, takes everything down, and prints the count as the very last line. */
export async function runTests(args: string[]): Promise<void> {
  const leaving = listenForLeaving()
  let servers: TestServers | undefined
  let summary: TestSummary = { passed: 0, failed: 1, skipped: 0 }
  try {
    const needsBrowser = args.every((arg) => arg.startsWith('-')) || args.some((arg) => arg.includes('web'))
    const redis = await step('Redis', ({ say }) => findRedis(say))
    const chromium = needsBrowser ? await step('Chromium', ({ say }) => findChromium(say)) : undefined
    leaving.asked.throwIfAborted()
    if (needsBrowser) await buildWeb()
    leaving.asked.throwIfAborted()
    servers = await step('servers for the tests', () => startTestServers(redis))
    leaving.asked.throwIfAborted()
    await step('schema', () => makeTemplate(servers as TestServers))
    leaving.asked.throwIfAborted()
    const env = { ...servers.env, ...(chromium ? { CHROMIUM_PATH: chromium } : {}) }
    summary = await bunTest(args, env, leaving)
  } catch (error) {
    const isPlain = error instanceof PlainError
    if (!leaving.asked.aborted) console.error(`\n${isPlain ? error.message : Bun.inspect(error)}`)
  }
  await servers?.stop()
  if (leaving.asked.aborted) console.log('Interrupted: everything that was started has been stopped.')
  console.log(summaryLine(summary))
  process.exit(summary.failed > 0 || leaving.asked.aborted ? 1 : 0)
}

async function makeTemplate({ adminUrl, templateUrl }: TestServers): Promise<void> {
  const { migrate } = await import('../../db/migrate.ts')
  await ensureDatabase(adminUrl, template)
  await migrate(templateUrl)
}

async function bunTest(
  args: string[],
  added: Record<string, string>,
  leaving: Leaving,
): Promise<TestSummary> {
  const own = Object.entries(process.env).filter(([name]) => !ownSettings.test(name))
  const hasPaths = args.some((arg) => !arg.startsWith('-'))
  const paths = hasPaths
    ? []
    : folders.filter((folder) => existsSync(join(root, folder))).map((path) => `./${path}`)
  const flags = ['--no-env-file', 'test', '--no-orphans', '--timeout', String(testWithinMs)]
  const child = spawn(process.execPath, [...flags, ...args, ...paths], {
    cwd: root,
    env: { ...Object.fromEntries(own), ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...added },
    // A group of its own: an interruption reaches this process, which ends the other and then its servers.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const count = new TestCount()
  const failures = new TestFailures()
  passThrough(child.stdout, process.stdout, [count])
  passThrough(child.stderr, process.stderr, [count, failures])
  const stop = () => {
    if (child.pid)
      void stopProcess(child.pid, [
        ['SIGTERM', 3_000],
        ['SIGKILL', 3_000],
      ])
  }
  leaving.asked.addEventListener('abort', stop)
  if (leaving.asked.aborted) stop()
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (failures.lines.length > 0)
    console.log(['\nWhat failed, with its reasons:', ...failures.lines, ''].join('\n'))
  return count.summary(code)
}

function passThrough(
  from: NodeJS.ReadableStream,
  to: NodeJS.WritableStream,
  readers: { read(line: string): void }[],
): void {
  const read = (line: string) => readers.forEach((reader) => void reader.read(line))
  let rest = ''
  from.setEncoding('utf8')
  from.on('data', (chunk: string) => {
    to.write(chunk)
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    lines.forEach(read)
  })
  from.on('end', () => read(rest))
}
