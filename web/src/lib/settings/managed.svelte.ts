import { Loaded } from '../api/loaded.svelte.ts'
import { troubleOf } from '../api/refusal.ts'

/** What a page of the settings manages: read from the server, changed there, and read again after each change. */
export class Managed<Answer> extends Loaded<Answer> {
  #isWorking = $state.raw(false)

  /** A change is on its way. */
  get isWorking(): boolean {
    return this.#isWorking
  }

  /** Changes something. Answers with the trouble, in words; null: it is done. */
  protected async change(work: () => Promise<unknown>): Promise<string | null> {
    this.#isWorking = true
    try {
      await work()
      await this.load()
      return null
    } catch (error) {
      return troubleOf(error).message
    } finally {
      this.#isWorking = false
    }
  }
}
