import { type ChildProcess, spawn } from 'node:child_process'
import { root } from '../install.ts'
import { hasEnded, isAlive } from '../services/liveProcess.ts'
import { signal } from './stores.ts'

export type ProductOptions = { script: string; env: Record<string, string> }

const READY_WITHIN_MS = 30_000
const STOP_WITHIN_MS = 15_000
const LINES_KEPT = 40

/** One process of the product, started as users start it: it can be killed, stopped, and started anew. */
export class ProductProcess {
  readonly #options: ProductOptions
  #child: ChildProcess | null = null
  readonly #lines: string[] = []
  /** How often a consumer reported lost data. */
  alarms = 0

  constructor(options: ProductOptions) {
    this.#options = options
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  get isRunning(): boolean {
    return this.pid !== 0 && isAlive(this.pid)
  }

  /** What it said last: for the report of a failure. */
  get lastLines(): string {
    return this.#lines.join('\n')
  }

  /** Starts it and waits until it says that it is ready; `faults` arms fail points for this start alone. */
  async start(faults?: string): Promise<void> {
    const child = this.launch(faults)
    const ready = Promise.withResolvers<boolean>()
    child.on('message', () => ready.resolve(true))
    child.on('exit', () => ready.resolve(false))
    const late = setTimeout(() => ready.resolve(false), READY_WITHIN_MS)
    const isReady = await ready.promise
    clearTimeout(late)
    // One that is armed may meet its end before it is ready: that is its purpose.
    if (!isReady && !faults) {
      await this.kill()
      throw new Error(`${this.#options.script} did not get ready:\n${this.lastLines}`)
    }
  }

  /** Starts it without waiting. */
  launch(faults?: string): ChildProcess {
    const { script, env } = this.#options
    // `--no-orphans`: whatever ends this run, nothing stays behind.
    const child = spawn(process.execPath, ['--no-orphans', '--no-env-file', script], {
      cwd: root,
      env: { ...env, ...(faults === undefined ? {} : { BATON_TEST_FAULTS: faults }) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#note(text))
    }
    this.#child = child
    return child
  }

  tell(message: { kind: string }): void {
    this.#child?.send(message)
  }

  async kill(): Promise<void> {
    if (this.pid === 0) return
    signal(this.pid, 'SIGKILL')
    await hasEnded(this.pid, 10_000)
  }

  /** Waits until it has ended by itself; false when it did not in time. */
  hasEnded(withinMs: number): Promise<boolean> {
    return hasEnded(this.pid, withinMs)
  }

  async freeze(ms: number): Promise<void> {
    this.pause()
    await Bun.sleep(ms)
    this.resume()
  }

  pause(): void {
    signal(this.pid, 'SIGSTOP')
  }

  resume(): void {
    signal(this.pid, 'SIGCONT')
  }

  /** The graceful way; kills what does not heed it. */
  async stop(): Promise<void> {
    if (!this.isRunning) return
    signal(this.pid, 'SIGCONT')
    signal(this.pid, 'SIGTERM')
    if (!(await hasEnded(this.pid, STOP_WITHIN_MS))) await this.kill()
  }

  #note(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue
      if (line.includes('DATA LOST')) this.alarms += 1
      this.#lines.push(line)
      if (this.#lines.length > LINES_KEPT) this.#lines.shift()
    }
  }
}
