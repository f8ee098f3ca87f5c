/** What is measured, in the order in which it runs. The names are stable: scripts and CI pick rows by them. */
export const ROW_NAMES = [
  'generator',
  'webhook-single',
  'webhook-batch100',
  'webhook-p99',
  'whole-path',
  'consumer',
  'backlog',
  'sends',
  'outbox',
  'send-latency',
  'live-latency',
  'locks',
  'heartbeats',
  'fan-out',
  'catch-up',
  'reconnect',
  'memory',
] as const
export type RowName = (typeof ROW_NAMES)[number]

/** What a figure has to reach: the floor fails the run, the aim is where we want to be. */
export type Target = {
  floor: number
  aim: number
  /** Whether the ratio to the baseline counts, or the value itself. */
  on: 'ratio' | 'value'
  better: 'more' | 'less'
}

/** The targets of step 2, by the name of the figure. A figure that is not here is told for itself. */
export const TARGETS: { [figure: string]: Target } = {
  'webhook-single': { floor: 0.7, aim: 0.85, on: 'ratio', better: 'more' },
  'webhook-batch100': { floor: 0.55, aim: 0.7, on: 'ratio', better: 'more' },
  'webhook-p99': { floor: 20, aim: 5, on: 'value', better: 'less' },
  'whole-path': { floor: 5000, aim: 10_000, on: 'value', better: 'more' },
  consumer: { floor: 0.4, aim: 0.6, on: 'ratio', better: 'more' },
  sends: { floor: 150, aim: 60, on: 'value', better: 'less' },
  'outbox-1000': { floor: 0.9, aim: 0.92, on: 'value', better: 'more' },
  'outbox-80': { floor: 0.9, aim: 0.92, on: 'value', better: 'more' },
  'send-latency': { floor: 50, aim: 20, on: 'value', better: 'less' },
  'live-latency': { floor: 150, aim: 50, on: 'value', better: 'less' },
  'lock-acquire': { floor: 20, aim: 5, on: 'value', better: 'less' },
  'lock-takeover': { floor: 150, aim: 50, on: 'value', better: 'less' },
  heartbeats: { floor: 3, aim: 1.5, on: 'ratio', better: 'less' },
  'fan-out': { floor: 0.3, aim: 0.6, on: 'ratio', better: 'more' },
  'catch-up': { floor: 300, aim: 100, on: 'value', better: 'less' },
  reconnect: { floor: 5, aim: 2, on: 'value', better: 'less' },
  memory: { floor: 400, aim: 250, on: 'value', better: 'less' },
}
