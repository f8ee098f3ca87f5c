import { type Trouble, troubleOf } from './refusal.ts'

/** What a page shows of the server, or why that could not be loaded. */
export class Loaded<Answer> {
  #answer = $state.raw<Answer | null>(null)
  #trouble = $state.raw<Trouble | null>(null)

  constructor(private readonly read: () => Promise<Answer>) {}

  /** Null: nothing was loaded yet. */
  protected get answer(): Answer | null {
    return this.#answer
  }
  /** Why the page can not be used. */
  get trouble(): Trouble | null {
    return this.#trouble
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#answer = await this.read()
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  /** The page is of no use any more. */
  protected ended(trouble: Trouble) {
    this.#trouble = trouble
  }
}
