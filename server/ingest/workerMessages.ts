import type { ConsumerSettings, Turn } from './openConsumer.ts'

export type ToWorker = { kind: 'start'; settings: ConsumerSettings } | { kind: 'stop' }

export type FromWorker = { kind: 'started' } | ({ kind: 'turned' } & Turn) | { kind: 'stopped' }
