import type { Chance } from '../chance.ts'
import { parseTrouble, type Route, routeOf, type Trouble } from './trouble.ts'

/** A fault that strikes again and again, with these odds. */
export interface StandingFault {
  name: string
  trouble: Trouble
  probability: number
}

/** Parses `429:0.2,5xx`; a name alone happens every time. Throws a sentence for the person at the terminal. */
export function parseFaults(list: string): StandingFault[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseFault)
}

function parseFault(part: string): StandingFault {
  const [name = '', odds] = part.split(':')
  const trouble = parseTrouble(name)
  const probability = odds === undefined ? 1 : Number(odds)
  if (!(probability >= 0 && probability <= 1)) {
    throw new Error(`The probability of "${name}" must lie between 0 and 1, not "${odds}".`)
  }
  return { name, trouble, probability }
}

/** What strikes a request of this kind now, if anything: each fault is tried in turn. */
export function strike(faults: readonly StandingFault[], on: Route, chance: Chance): Trouble | undefined {
  return faults.find((fault) => routeOf(fault.trouble) === on && chance() < fault.probability)?.trouble
}
