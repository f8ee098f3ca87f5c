import { type Trigger, type TriggerKind, triggerAt } from './triggers.ts'

/** One row of what is offered while something is typed. */
export type Suggestion = { id: string; choose(trigger: Trigger): void }

/** Where the rows of one sign come from. */
export type Source<Row extends Suggestion = Suggestion> = {
  kind: TriggerKind
  /** What is in the list, for those who do not see it: `Canned replies`. */
  words: string
  /** Somebody begins to look. */
  want?(): void
  find(query: string): readonly Row[]
  /** With nothing found: null closes the list, words stand in it. */
  empty?(query: string): string | null
}

/** The list that opens while a sign is typed: what is in it, which row is meant, and what the keys do with it. */
export class Suggesting<Row extends Suggestion = Suggestion> {
  #trigger = $state.raw<Trigger | null>(null)
  #index = $state.raw(0)
  /** Where a list was closed by hand: it stays closed until another sign. */
  #closedAt: string | null = null
  #source = $derived.by(() => this.sources().find(({ kind }) => kind === this.#trigger?.kind) ?? null)
  #rows = $derived(this.#trigger && this.#source ? this.#source.find(this.#trigger.query) : [])
  #empty = $derived(
    this.#trigger && this.#rows.length === 0 ? (this.#source?.empty?.(this.#trigger.query) ?? null) : null,
  )

  constructor(private readonly sources: () => readonly Source<Row>[]) {}

  get kind(): TriggerKind | null {
    return this.isOpen ? (this.#trigger?.kind ?? null) : null
  }

  get words(): string {
    return this.#source?.words ?? ''
  }

  get rows(): readonly Row[] {
    return this.#rows
  }

  /** Why nothing is in it. */
  get empty(): string | null {
    return this.#empty
  }

  get isOpen(): boolean {
    return this.#trigger !== null && (this.#rows.length > 0 || this.#empty !== null)
  }

  get active(): Row | null {
    return this.#rows[this.#index] ?? null
  }

  /** The text or the caret has changed. */
  look(text: string, caret: number) {
    const kinds = this.sources().map(({ kind }) => kind)
    const trigger = triggerAt(text, caret, kinds)
    if (trigger === null || keyOf(trigger) !== this.#closedAt) this.#closedAt = null
    const next = trigger !== null && keyOf(trigger) === this.#closedAt ? null : trigger
    if (next?.query !== this.#trigger?.query || next?.kind !== this.#trigger?.kind) this.#index = 0
    const isNew = next !== null && (this.#trigger === null || keyOf(next) !== keyOf(this.#trigger))
    this.#trigger = next
    if (isNew) this.#source?.want?.()
  }

  close() {
    this.#closedAt = this.#trigger && keyOf(this.#trigger)
    this.#trigger = null
  }

  /** True when the key was meant for the list. */
  key(event: KeyboardEvent): boolean {
    if (!this.isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
    const act = this.#acts[event.key]
    const isForRows = event.key !== 'Escape'
    if (!act || event.shiftKey || (isForRows && this.#rows.length === 0)) return false
    event.preventDefault()
    // Esc closes the list; it does not leave the field too.
    event.stopPropagation()
    act()
    return true
  }

  point(row: Row) {
    this.#index = this.#rows.indexOf(row)
  }

  choose(row: Row) {
    const trigger = this.#trigger
    this.#trigger = null
    if (trigger) row.choose(trigger)
  }

  readonly #acts: Record<string, () => void> = {
    ArrowDown: () => this.#step(1),
    ArrowUp: () => this.#step(-1),
    Enter: () => this.#take(),
    Tab: () => this.#take(),
    Escape: () => this.close(),
  }

  #take() {
    if (this.active) this.choose(this.active)
  }

  #step(by: 1 | -1) {
    const { length } = this.#rows
    this.#index = (this.#index + by + length) % length
  }
}

const keyOf = ({ kind, start }: Trigger) => `${kind} ${start}`
