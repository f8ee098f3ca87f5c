import type { AssignmentRules, Rule, RuleOf } from './assignmentRules.svelte.ts'

export const METHODS = [
  { value: 'hand', label: 'By hand' },
  { value: 'round_robin', label: 'In turns' },
  { value: 'least_busy', label: 'To whoever has least' },
] as const

const number = (text: string) => (/^\d+$/.test(text.trim()) ? Number(text) : null)

/** A rule that somebody changes. */
export class RuleEdit {
  method = $state('hand')
  capacity = $state('')
  minutes = $state('')
  skipsAway = $state(true)
  #isWorking = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  readonly #rule: Rule

  constructor(
    private readonly rules: AssignmentRules,
    of: RuleOf,
  ) {
    this.#rule = rules.of(of)
    this.method = this.#rule.method
    this.capacity = this.#rule.capacity === null ? '' : String(this.#rule.capacity)
    this.minutes = this.#rule.returnAfterMinutes === null ? '' : String(this.#rule.returnAfterMinutes)
    this.skipsAway = this.#rule.skipsAway
  }

  get isWorking(): boolean {
    return this.#isWorking
  }
  get trouble(): string | null {
    return this.#trouble
  }
  get canSave(): boolean {
    return [this.capacity, this.minutes].every((text) => text.trim() === '' || (number(text) ?? 0) > 0)
  }

  async save(): Promise<boolean> {
    const method = METHODS.find(({ value }) => value === this.method)?.value ?? 'hand'
    this.#isWorking = true
    this.#trouble = await this.rules.save({
      ...this.#rule,
      method,
      capacity: number(this.capacity),
      returnAfterMinutes: number(this.minutes),
      skipsAway: this.skipsAway,
    })
    this.#isWorking = false
    return this.#trouble === null
  }
}
