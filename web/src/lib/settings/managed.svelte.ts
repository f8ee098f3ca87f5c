import { type Trouble, troubleOf } from '../api/refusal.ts'

/** What a page of the settings manages: read from the server, changed there, and read again after each change. */
export class Managed<Answer> {
  #answer = $state.raw<Answer | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #isWorking = $state.raw(false)

  constructor(private readonly read: () => Promise<Answer>) {}

  /** Null: nothing was loaded yet. */
  protected get answer(): Answer | null {
    return this.#answer
  }
  /** Why it could not be loaded. */
  get trouble(): Trouble | null {
    return this.#trouble
  }
  /** A change is on its way. */
  get isWorking(): boolean {
    return this.#isWorking
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#answer = await this.read()
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
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
