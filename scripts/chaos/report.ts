import type { Outcome } from './campaign.ts'
import type { Fault } from './fault.ts'
import type { Options } from './options.ts'

const COLUMNS = {
  fault: 34,
  trials: 7,
  effective: 10,
  lost: 6,
  doubled: 8,
  reordered: 10,
  seconds: 8,
} as const

export const isControl = ({ name }: Fault) => name.startsWith('control:')

/** A fault is survived when nothing was broken and it hit something; a control is right when the checker saw its harm. */
export function isOk(fault: Fault, outcome: Outcome): boolean {
  if (outcome.skipped !== undefined) return true
  if (fault.shows !== undefined) return outcome[fault.shows] > 0
  const harm = outcome.lost + outcome.doubled + outcome.reordered
  return harm === 0 && outcome.problems.length === 0 && outcome.effective > 0
}

/** Prints rows as they come: a table for people, or one object a line for programs. Remarks never mix with the objects. */
export class Report {
  readonly #options: Options
  #failed = 0
  #rows = 0
  readonly #startedAt = performance.now()

  constructor(options: Options) {
    this.#options = options
  }

  say(line: string): void {
    if (this.#options.isJson) console.error(line)
    else console.log(line)
  }

  add(fault: Fault, outcome: Outcome, ms: number): void {
    const ok = isOk(fault, outcome)
    this.#rows += 1
    if (!ok) this.#failed += 1
    const { trials, effective, lost, doubled, reordered } = outcome
    const { seed, isJson } = this.#options
    if (isJson) {
      console.log(
        JSON.stringify({ fault: fault.name, seed, trials, effective, lost, doubled, reordered, ok }),
      )
    } else {
      if (this.#rows === 1) this.#header()
      const seconds = (ms / 1000).toFixed(1)
      const cells = [fault.name, trials, effective, lost, doubled, reordered, seconds]
      console.log(`${padded(cells)}  ${outcome.skipped === undefined ? word(fault, ok) : 'skipped'}`)
    }
    if (outcome.skipped !== undefined) this.say(`    skipped: ${outcome.skipped}`)
    if (!isControl(fault) || !ok) for (const problem of outcome.problems) this.say(`    ${problem}`)
    if (!ok && outcome.effective === 0) this.say('    no trial hit work in flight')
  }

  end(isInterrupted: boolean): void {
    const minutes = ((performance.now() - this.#startedAt) / 60_000).toFixed(1)
    const found = this.#failed === 0 ? 'all ok' : `${this.#failed} NOT ok`
    const verdict = isInterrupted ? `${found}, INTERRUPTED` : found
    this.say(
      `\n${this.#rows} rows, ${verdict}, ${minutes} minutes. Repeat with --seed ${this.#options.seed}.`,
    )
  }

  #header(): void {
    console.log(`\n${padded(Object.keys(COLUMNS))}`)
  }
}

function word(fault: Fault, ok: boolean): string {
  if (isControl(fault)) return ok ? 'caught' : 'NOT CAUGHT'
  return ok ? 'ok' : 'BROKEN'
}

function padded(cells: readonly (string | number)[]): string {
  return Object.values(COLUMNS)
    .map((width, at) => (at === 0 ? String(cells[at]).padEnd(width) : String(cells[at]).padStart(width)))
    .join('')
}
