import type { ConsumerSettings } from './openConsumer.ts'

export type ToWorker = { kind: 'start'; settings: ConsumerSettings } | { kind: 'stop' }

export type FromWorker =
  | { kind: 'started' }
  | { kind: 'turned'; entries: number; items: number }
  | { kind: 'stopped' }
