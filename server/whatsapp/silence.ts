/** Cuts the connection when nothing is heard for so long, or when the job is over. */
export class Silence {
  readonly #abort = new AbortController()
  readonly signal: AbortSignal
  #timer: Timer
  /** It is what cut the connection. */
  isOver = false

  constructor(
    readonly ms: number,
    outer: AbortSignal,
  ) {
    this.signal = AbortSignal.any([this.#abort.signal, outer])
    this.#timer = this.#start()
  }

  /** Something was heard. */
  broken(): void {
    clearTimeout(this.#timer)
    this.#timer = this.#start()
  }

  /** Nobody listens any more. */
  end(): void {
    clearTimeout(this.#timer)
  }

  #start(): Timer {
    return setTimeout(() => {
      this.isOver = true
      this.#abort.abort()
    }, this.ms)
  }
}
