import { pageLanguage } from '../words/language.ts'
import { reasonInWords } from './letterInWords.ts'

/** What became of a letter that somebody worked on here. */
export type Outcome =
  | { kind: 'working' }
  | { kind: 'stored' }
  | { kind: 'discarded' }
  | { kind: 'still_dead'; reason: string; detail: string | null }
  | { kind: 'trouble'; message: string }

/** What became of all that waited. `waiting`: how many there were. */
export type Sweep =
  | { kind: 'working'; waiting: number; stored: number }
  | { kind: 'done'; stored: number; stillDead: number }
  | { kind: 'trouble'; message: string }

/** Whether nothing more can be done with the letter. */
export const isSettled = (outcome: Outcome | undefined) =>
  outcome?.kind === 'stored' || outcome?.kind === 'discarded'

export function outcomeInWords(outcome: Outcome): string {
  if (outcome.kind === 'working') return 'Trying to store it…'
  if (outcome.kind === 'stored') return 'Stored. It stands in the inbox, where it would have stood.'
  if (outcome.kind === 'discarded') return 'Discarded. It is kept under Resolved, with your note.'
  if (outcome.kind === 'trouble') return outcome.message
  const { title } = reasonInWords(outcome.reason)
  return `It still cannot be stored: ${decapitalised(title)}.${outcome.detail ? ` (${outcome.detail.replace(/\.$/, '')})` : ''}`
}

/** As it goes on after a colon in English; other languages have their own ways. */
const decapitalised = (title: string) =>
  pageLanguage() === 'en' ? title.charAt(0).toLowerCase() + title.slice(1) : title

export function sweepInWords(sweep: Sweep): string {
  if (sweep.kind === 'trouble') return sweep.message
  if (sweep.kind === 'working') return `Replaying: ${sweep.stored} of ${sweep.waiting} stored…`
  const { stored, stillDead } = sweep
  if (stored + stillDead === 0) return 'Nothing was waiting any more.'
  if (stillDead === 0) return stored === 1 ? 'The letter was stored.' : `All ${stored} were stored.`
  if (stored === 0)
    return stillDead === 1 ? 'It still cannot be stored.' : `All ${stillDead} still cannot be stored.`
  return `${stored} stored. ${stillDead} still cannot be stored.`
}
