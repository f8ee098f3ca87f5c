import { spawn } from 'node:child_process'
import { root } from '../install.ts'
import { stopProcess } from './liveProcess.ts'
import { PlainError } from './plainError.ts'

export interface ChildOptions {
  name: string
  /** Arguments of bun. */
  args: string[]
  env: NodeJS.ProcessEnv
  cwd?: string
  readyWithinMs: number
  /** How long it may take to end after SIGTERM. */
  endsWithinMs: number
  onLine: (line: string, isError: boolean) => void
  /** Told as soon as it runs, long before it is ready. */
  onPid?: (pid: number) => void
  /** Reads the readiness of a child that sends no message (Vite) from what it prints. */
  readyLine?: RegExp
}

export interface RunningChild {
  pid: number
  url: string
  /** Of the server, while nobody works in its inbox: where the first owner comes in. */
  firstLink: string | null
  exited: Promise<string>
  stop(hurry?: AbortSignal): Promise<void>
}

const lastLinesKept = 12

/**
 * Starts a script under this same Bun and waits for its `{ kind: 'ready', url }`. The channel does a second duty: when
 * this process dies, however hard, the channel closes, and the child ends itself.
 */
export async function startChild(options: ChildOptions): Promise<RunningChild> {
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd ?? root,
    env: options.env,
    // A group of its own: Ctrl-C on the terminal reaches start.ts alone, which stops everything in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const pid = child.pid ?? 0
  if (pid) options.onPid?.(pid)
  const printed: string[] = []
  const ready = Promise.withResolvers<Ready>()
  const take = (line: string, isError: boolean) => {
    printed.push(line)
    if (printed.length > lastLinesKept) printed.shift()
    const found = options.readyLine?.exec(Bun.stripANSI(line))
    if (found) ready.resolve({ url: found[1] ?? '' })
    options.onLine(line, isError)
  }
  if (child.stdout) byLine(child.stdout, (line) => take(line, false))
  if (child.stderr) byLine(child.stderr, (line) => take(line, true))
  child.on('message', (message: unknown) => {
    if (isReadyMessage(message)) ready.resolve(message)
  })
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('exit', (code, signal) => resolve(signal ?? `code ${code}`))
  })
  const signals = [
    ['SIGTERM', options.endsWithinMs],
    ['SIGKILL', 5_000],
  ] as const
  const stop = async (hurry?: AbortSignal) => {
    if (pid) await stopProcess(pid, signals, hurry)
  }
  const end = exited.then(async (how) => {
    await Bun.sleep(50) // its last lines may still be on their way
    return { failure: `ended with ${how} before it was ready` }
  })
  const late = Bun.sleep(options.readyWithinMs).then(() => ({ failure: 'was not ready in time' }))
  const outcome = await Promise.race([ready.promise, end, late])
  if ('url' in outcome) return { pid, url: outcome.url, firstLink: outcome.firstLink ?? null, exited, stop }
  await stop()
  throw new PlainError([`${options.name} ${outcome.failure}. Its last lines:`, ...printed].join('\n'))
}

function byLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })
  stream.on('end', () => {
    if (rest) take(rest)
  })
}

/** What a child says of itself when it is ready. */
type Ready = { url: string; firstLink?: string | null }

function isReadyMessage(message: unknown): message is Ready {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    message.kind === 'ready' &&
    'url' in message &&
    typeof message.url === 'string'
  )
}
