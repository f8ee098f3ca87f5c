/** A piece of the app that comes in a script of its own, because the inbox can be used without it. */
export class Late<Piece> {
  #piece = $state.raw<Piece | null>(null)
  #coming: Promise<Piece> | null = null

  constructor(private readonly imported: () => Promise<{ default: Piece }>) {}

  /** Null: it is not here yet. */
  get piece(): Piece | null {
    return this.#piece
  }

  /** One that did not come is asked for again. */
  readonly fetch = (): Promise<Piece> => {
    this.#coming ??= this.#fetch()
    return this.#coming
  }

  async #fetch(): Promise<Piece> {
    try {
      this.#piece = (await this.imported()).default
      return this.#piece
    } catch (error) {
      this.#coming = null
      throw error
    }
  }
}
