import type { Chance } from './chance.ts'

/**
 * What can be made to go wrong with a send:
 *
 * - `timeout-after-accept`: the message is accepted and delivered, and the answer never comes
 * - `reset-before-reply`: the connection is cut and the message was not accepted
 * - `429`: rate limit (130429; Meta answers it with HTTP 400)
 * - `5xx`: service unavailable (131016, HTTP 500)
 *
 * To a sender the first two look the same, and only a status webhook tells them apart: that is their point.
 */
export const faultNames = ['timeout-after-accept', 'reset-before-reply', '429', '5xx'] as const
export type FaultName = (typeof faultNames)[number]

export interface Fault {
  name: FaultName
  probability: number
}

/** Parses `429:0.2,5xx`; a name alone happens every time. Throws a sentence for the person at the terminal. */
export function parseFaults(list: string): Fault[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseFault)
}

function parseFault(part: string): Fault {
  const [typed = '', odds] = part.split(':')
  const name = faultNames.find((known) => known === typed)
  if (!name) throw new Error(`Unknown fault "${typed}". Known: ${faultNames.join(', ')}.`)
  const probability = odds === undefined ? 1 : Number(odds)
  if (!(probability >= 0 && probability <= 1)) {
    throw new Error(`The probability of "${typed}" must lie between 0 and 1, not "${odds}".`)
  }
  return { name, probability }
}

/** The fault that strikes now, if any: each is tried in turn. */
export function strike(faults: readonly Fault[], chance: Chance): FaultName | undefined {
  return faults.find((fault) => chance() < fault.probability)?.name
}
