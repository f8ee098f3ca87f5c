import type { LabelColour, LabelSnapshot } from '../../../../server/inbox/snapshot.ts'
import { troubleOf } from '../api/refusal.ts'
import type { Labels } from '../inbox/labels.svelte.ts'

export const LONGEST_LABEL = 40

/** One label while it is made or changed. */
export class LabelForm {
  name = $state('')
  colour = $state<LabelColour>('blue')
  #isBusy = $state.raw(false)
  #trouble = $state.raw<string | null>(null)

  /** `label` null: a new one, in this colour. */
  constructor(
    private readonly labels: Labels,
    private readonly label: LabelSnapshot | null,
    colour: LabelColour,
  ) {
    this.name = label?.name ?? ''
    this.colour = label?.colour ?? colour
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get trouble(): string | null {
    return this.#trouble
  }

  get canSave(): boolean {
    const name = this.name.trim()
    return name !== '' && name.length <= LONGEST_LABEL && !this.#isBusy
  }

  /** Whether it is saved. */
  async save(): Promise<boolean> {
    this.#isBusy = true
    this.#trouble = null
    try {
      const labelId = this.label ? { labelId: this.label.id } : {}
      await this.labels.save({ ...labelId, name: this.name.trim(), colour: this.colour })
      return true
    } catch (error) {
      this.#trouble = troubleOf(error).message
      return false
    } finally {
      this.#isBusy = false
    }
  }
}
