import type { Composition } from '#lib/inbox/composition.svelte.ts'
import type { Thread } from '#lib/inbox/thread.svelte.ts'

/** A thread whose rows stay on the page. */
export type KeptList = { thread: Thread; composition: Composition }

/**
 * The threads that were open here, as long as the tab holds them (`Inbox` does so for the last twelve): their rows stay on the page,
 * out of sight, so that an agent who comes back waits for nothing to be made. docs/decisions/0030 says what that asks of a list.
 */
export class KeptLists {
  #opened = $state.raw<readonly KeptList[]>([])
  #held = $derived.by(() => {
    const held = this.#opened.filter(({ thread }) => thread.isShown)
    return held.length === this.#opened.length ? this.#opened : held
  })

  /** Each in the place where it was put first: to be moved in the page is to be laid out anew. */
  get held(): readonly KeptList[] {
    return this.#held
  }

  /** Keeps what is shown now; a conversation that was open before has another thread each time. */
  keep(kept: KeptList) {
    const place = this.#held.findIndex(({ thread }) => thread.id === kept.thread.id)
    // A list that is given another object takes it for another opening.
    if (this.#held[place]?.thread === kept.thread) return
    this.#opened = place < 0 ? [...this.#held, kept] : this.#held.with(place, kept)
  }
}
