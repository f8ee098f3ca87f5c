import { Loaded } from '../api/loaded.svelte.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

/** A page for somebody who is not signed in: what stands behind its address, and one act that may be refused. */
export class OutsidePage<Answer> extends Loaded<Answer> {
  #refused = $state.raw<string | null>(null)
  #isWorking = $state.raw(false)

  /** Why the act could not be done. */
  get refused(): string | null {
    return this.#refused
  }
  get isWorking(): boolean {
    return this.#isWorking
  }

  /** Does it, once at a time; `act` answers why it was refused. True: it is done. */
  protected async attempt(act: () => Promise<string | null>): Promise<boolean> {
    if (this.#isWorking) return false
    this.#isWorking = true
    this.#refused = null
    try {
      this.#refused = await act()
      return this.#refused === null
    } catch (error) {
      const trouble = troubleOf(error)
      if (this.ends(trouble)) this.ended(trouble)
      else this.#refused = trouble.message
      return false
    } finally {
      this.#isWorking = false
    }
  }

  /** Whether the page is of no use after it. */
  protected ends(_trouble: Trouble): boolean {
    return false
  }
}
