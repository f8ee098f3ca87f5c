import type { Chance } from '../simulate/chance.ts'
import type { Outcome } from './campaign.ts'
import type { Stores } from './stores.ts'

/** How thorough a run is: `quick` is part of the tests, `long` has stops of up to a minute. */
export type Depth = 'quick' | 'usual' | 'long'

export type FaultContext = {
  stores: Stores
  chance: Chance
  /** Effective kills of each process. */
  kills: number
  depth: Depth
  /** The redis-server program, for faults that need a server of their own. */
  redisProgram: string
  folder: string
}

/** One row of the table: something that is done to the product, and what came of it. */
export type Fault = {
  /** A negative control is named `control:…`: it breaks a promise, and is right when the checker saw it. */
  name: string
  /** The least depth that it belongs to; `quick` when it is not said. */
  depth?: Depth
  /** What the checker must report of a negative control. */
  shows?: 'lost' | 'doubled'
  run(context: FaultContext): Promise<Outcome>
}

/** An outcome of something that was not done. */
export const skipped = (reason: string): Outcome => ({
  trials: 0,
  effective: 0,
  lost: 0,
  doubled: 0,
  reordered: 0,
  problems: [],
  skipped: reason,
})
