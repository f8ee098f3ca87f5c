import { errorOf } from '../graph/errorCodes.ts'
import { codeTrouble, type FaultName, type Trouble } from './trouble.ts'

/** Numbers of the demo, in a range that is kept for fiction. */
const knownEndings: Record<string, number> = { '900026': 131026, '900047': 131047 }

/** Endings for what is no error code. */
const faultEndings: Record<string, { fault: FaultName; note: string }> = {
  '990408': {
    fault: 'timeout-after-accept',
    note: 'The message arrives, and the business never gets an answer.',
  },
  '990104': {
    fault: 'reset-after-accept',
    note: 'The message arrives, and the connection is cut before the answer.',
  },
  '990105': { fault: 'reset-before-reply', note: 'The connection is cut and the message is lost.' },
  '990502': { fault: 'bad-gateway', note: 'Something on the way answers with a page instead of JSON.' },
}

/** Codes that pass by themselves: after this many refusals a message gets through. */
const passing = new Set([1, 2, 4, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004])
const refusalsBeforePassing = 2

export interface Ending {
  trouble: Trouble
  note: string
  /** True when the third attempt gets through. */
  isPassing: boolean
}

/**
 * What is special about a number, if anything. People provoke a failure by its last six digits: an error code as it is
 * (…131056), a shorter one with 99 before it (…990190 is 190, …980007 is 80007), or one of the endings above.
 */
export function endingOf(number: string): Ending | undefined {
  const fault = faultEndings[number.slice(-6)]
  if (fault) return { trouble: { fault: fault.fault }, note: fault.note, isPassing: false }
  const code = knownEndings[number.slice(-6)] ?? codeIn(number.slice(-6))
  const known = code === undefined ? undefined : errorOf(code)
  if (code === undefined || !known) return undefined
  const note = notes[code] ?? `${code}, ${known.title}. ${known.details}`
  const isPassing = passing.has(code)
  return {
    trouble: codeTrouble(code),
    note: isPassing ? `${note} The third attempt gets through.` : note,
    isPassing,
  }
}

/** Refuses twice and then lets one through, for each number. */
export class PassingRefusals {
  private readonly refusals = new Map<string, number>()

  isDue(number: string): boolean {
    const sofar = this.refusals.get(number) ?? 0
    const isDue = sofar < refusalsBeforePassing
    this.refusals.set(number, isDue ? sofar + 1 : 0)
    return isDue
  }
}

const notes: Record<number, string> = {
  131026: 'Not on WhatsApp any more: nothing reaches this number.',
  131047: 'Always outside the 24-hour window: only templates arrive.',
}

function codeIn(ending: string): number | undefined {
  if (/^13\d{4}$/.test(ending)) return Number(ending)
  if (ending === '980007') return 80007
  return /^99\d{4}$/.test(ending) ? Number(ending.slice(2)) : undefined
}
