import { afterPaint } from './afterPaint.ts'

/**
 * The conversation that was asked for while another one is open, and that the address does not name yet. It is shown at once; the
 * router, which takes a frame or two, follows when it is on the screen.
 */
export class Opening {
  #id = $state.raw<string | null>(null)

  /** Null: what is shown is what the address says. */
  get id(): string | null {
    return this.#id
  }

  /** `go` brings the address along. It fails when somebody went elsewhere meanwhile. */
  show(id: string, go: () => Promise<unknown>) {
    this.#id = id
    afterPaint(() => {
      if (this.#id === id) void go().catch(() => this.arrived(id))
    })
  }

  /** The router is on its way; `id`: of the conversation there, null elsewhere. Whoever goes elsewhere has changed their mind. */
  leaves(id: string | null) {
    if (id !== this.#id) this.#id = null
  }

  /** The address says it. */
  arrived(id: string | null) {
    if (id === this.#id) this.#id = null
  }
}
