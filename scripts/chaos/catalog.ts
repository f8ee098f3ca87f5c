import type { Depth, Fault } from './fault.ts'
import { content } from './faults/content.ts'
import { controls } from './faults/controls.ts'
import { kills } from './faults/kills.ts'
import { network } from './faults/network.ts'
import { powerLosses } from './faults/powerLoss.ts'
import { resources } from './faults/resources.ts'
import { sending } from './faults/sending.ts'
import { steps } from './faults/steps.ts'
import { stops } from './faults/stops.ts'
import type { Options } from './options.ts'

const DEPTHS: Depth[] = ['quick', 'usual', 'long']

/** All rows of a run of this depth, in order. */
export function catalog(depth: Depth): Fault[] {
  const all = [
    ...kills,
    ...steps,
    ...stops,
    ...network,
    ...resources,
    ...powerLosses,
    ...content,
    ...sending,
    ...controls,
  ]
  return all.filter((fault) => DEPTHS.indexOf(fault.depth ?? 'quick') <= DEPTHS.indexOf(depth))
}

/** What is said before the run: how long it takes, and what repeats it. */
export function announce({ seed, depth, kills: count }: Options, rows: number): string {
  const minutes = depth === 'quick' ? 'under 2 minutes' : `about ${minutesFor(count, depth)} minutes`
  return `Chaos, seed ${seed}: ${rows} rows, ${count} effective kills of each process; all rows take ${minutes}.`
}

function minutesFor(count: number, depth: Depth): number {
  return Math.ceil(5 + count * 0.13) + (depth === 'long' ? 10 : 0)
}
