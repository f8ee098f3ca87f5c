import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'

export type Inventory = inferRouterOutputs<AppRouter>['contacts']['erasePreview']

/** Erasing a contact: what would go, the name that has to be typed, and doing it. */
export class Erasing {
  #inventory = $state.raw<Inventory | null>(null)
  #trouble = $state.raw<string | null>(null)
  #isBusy = $state.raw(false)
  typed = $state('')

  constructor(
    private readonly api: Api,
    private readonly contactId: string,
  ) {}

  /** Null: it is being counted. */
  get inventory(): Inventory | null {
    return this.#inventory
  }

  get trouble(): string | null {
    return this.#trouble
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get canErase(): boolean {
    return this.#inventory !== null && this.typed.trim() === this.#inventory.name
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#inventory = await this.api.contacts.erasePreview.query({ contactId: this.contactId })
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
  }

  /** Whether it is done. */
  async erase(): Promise<boolean> {
    this.#isBusy = true
    this.#trouble = null
    try {
      await this.api.contacts.erase.mutate({ contactId: this.contactId, name: this.typed })
      return true
    } catch (error) {
      this.#trouble = troubleOf(error).message
      return false
    } finally {
      this.#isBusy = false
    }
  }
}
