import { percentile } from '../statistics.ts'
import type { Latency, Result } from './plan.ts'

/** Counts answers and their latencies. */
export class Tally {
  readonly #refused = new Map<number, number>()
  readonly latencies: number[] = []
  accepted = 0

  add(status: number, latencyMs: number): void {
    if (status === 200) this.accepted++
    else this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1)
    this.latencies.push(latencyMs)
  }

  /** As it is now: connections that are closed afterwards count no more. */
  snapshot(): Tally {
    const copy = new Tally()
    copy.accepted = this.accepted
    copy.latencies.push(...this.latencies)
    for (const [status, count] of this.#refused) copy.#refused.set(status, count)
    return copy
  }

  result(seconds: number): Omit<Result, 'live' | 'cpuSeconds'> {
    return {
      requests: this.latencies.length,
      accepted: this.accepted,
      refused: Object.fromEntries([...this.#refused].map(([status, count]) => [String(status), count])),
      seconds,
      latencyMs: latencyOf(this.latencies),
    }
  }
}

/** Median, 99th percentile and worst, in milliseconds. */
export function latencyOf(values: number[]): Latency {
  const sorted = Float64Array.from(values).sort()
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99), max: sorted.at(-1) ?? 0 }
}
