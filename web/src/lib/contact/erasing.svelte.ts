import type { Api } from '../api/client.ts'
import { Inventoried } from './inventoried.svelte.ts'

/** Erasing a contact: what would go, the name that has to be typed, and doing it. */
export class Erasing extends Inventoried {
  #isBusy = $state.raw(false)
  typed = $state('')

  constructor(
    private readonly api: Api,
    private readonly contactId: string,
  ) {
    super(() => api.contacts.erasePreview.query({ contactId }))
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get canErase(): boolean {
    return this.inventory !== null && this.typed.trim() === this.inventory.name
  }

  /** Whether it is done. */
  async erase(): Promise<boolean> {
    this.#isBusy = true
    const { contactId, typed: name } = this
    const isDone = await this.attempt(() => this.api.contacts.erase.mutate({ contactId, name }))
    this.#isBusy = false
    return isDone
  }
}
