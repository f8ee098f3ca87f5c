import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

const LOOK_EVERY_MS = 1000
const TICKS_PER_SECOND = 100

type Seen = { parent: number; ticks: number }

/**
 * How much of the machine was used by processes that are not ours while something was measured: a figure of a busy machine
 * says so. Everything that descends from this process is ours. Off Linux nothing is known.
 */
export class Bystanders {
  readonly #timer: Timer
  readonly #startedAt = performance.now()
  #before = processes()
  #ticks = 0

  constructor() {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  /** Stops watching; the share of all cores that others used, 0 to 1, NaN where that cannot be known. */
  end(): number {
    clearInterval(this.#timer)
    this.#look()
    const seconds = (performance.now() - this.#startedAt) / 1000
    return this.#before.size === 0 ? Number.NaN : this.#ticks / TICKS_PER_SECOND / seconds / cpus().length
  }

  #look(): void {
    const now = processes()
    for (const [pid, { ticks }] of now) {
      const before = this.#before.get(pid)
      if (before !== undefined && !isOurs(pid, now)) this.#ticks += ticks - before.ticks
    }
    this.#before = now
  }
}

function isOurs(pid: number, all: Map<number, Seen>): boolean {
  for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === process.pid) return true
  return false
}

function processes(): Map<number, Seen> {
  const all = new Map<number, Seen>()
  for (const entry of entriesOfProc()) {
    try {
      const line = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
      all.set(Number(entry), {
        parent: Number(fields[1]),
        ticks: Number(fields[11]) + Number(fields[12]),
      })
    } catch {
      // It ended in between.
    }
  }
  return all
}

function entriesOfProc(): string[] {
  try {
    return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  } catch {
    return []
  }
}
