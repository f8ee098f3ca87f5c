import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import { troubleOf } from '../api/refusal.ts'

export type Inventory = inferRouterOutputs<AppRouter>['contacts']['erasePreview']

/** A dialog that says first how much there is of a contact. */
export class Inventoried {
  #inventory = $state.raw<Inventory | null>(null)
  #trouble = $state.raw<string | null>(null)

  constructor(private readonly count: () => Promise<Inventory>) {}

  /** Null: it is being counted. */
  get inventory(): Inventory | null {
    return this.#inventory
  }

  get trouble(): string | null {
    return this.#trouble
  }

  async load(): Promise<void> {
    await this.attempt(async () => {
      this.#inventory = await this.count()
    })
  }

  /** Whether it is done; if not, `trouble` says why. */
  protected async attempt(act: () => Promise<unknown>): Promise<boolean> {
    this.#trouble = null
    try {
      await act()
      return true
    } catch (error) {
      this.#trouble = troubleOf(error).message
      return false
    }
  }
}
