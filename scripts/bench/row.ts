import type { Figure } from './figure.ts'
import type { Stage } from './stage.ts'

/** How long and how often things are measured. */
export type Scale = {
  isQuick: boolean
  /** Interleaved pairs of product and baseline. */
  pairs: number
  /** Closed loops are short and many: the machine's mood changes from second to second. */
  closedPairs: number
  /** Seconds of a closed loop, and of an open one. */
  closedSeconds: number
  openSeconds: number
}

export const FULL: Scale = { isQuick: false, pairs: 3, closedPairs: 6, closedSeconds: 1.5, openSeconds: 6 }
export const QUICK: Scale = { isQuick: true, pairs: 1, closedPairs: 2, closedSeconds: 1, openSeconds: 2 }

/** Measures one thing; it may give several figures. */
export type Row = (stage: Stage, scale: Scale) => Promise<Figure[]>

/** Part of every wamid: six letters that no two runs share. */
export const runId = () => Bun.randomUUIDv7().replaceAll('-', '').slice(-12)
