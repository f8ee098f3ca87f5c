import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { asTheyAre, type HeldOrder, heldFrom, inHeldOrder, withOwnChange } from './heldOrder.ts'

/** Why rows must not move: somebody points at them, has the keyboard's focus on one, or reads further down. */
export type Stillness = 'pointer' | 'focus' | 'scrolled'

type Rows = readonly ConversationSnapshot[]

/** Holds the order of the list while there is a reason to, so that nobody clicks on a row that was another one a moment before. */
export class StillOrder {
  #reasons = new Set<Stillness>()
  #held = $state.raw<HeldOrder | null>(null)
  #shown = $derived.by(() => {
    const live = this.live()
    return this.#held === null ? asTheyAre(live) : inHeldOrder(this.#held, live, this.find)
  })

  constructor(
    private readonly live: () => Rows,
    private readonly find: (id: string) => ConversationSnapshot | undefined,
  ) {}

  get rows(): Rows {
    return this.#shown.rows
  }

  /** How many rows wait to move. */
  get newer(): number {
    return this.#shown.newer
  }

  /** It has left the list, and still holds its place. */
  isGone(id: string): boolean {
    return this.#shown.goneIds.has(id)
  }

  keep(reason: Stillness) {
    this.#reasons.add(reason)
    this.#held ??= heldFrom(this.rows)
  }

  release(reason: Stillness) {
    this.#reasons.delete(reason)
    if (this.#reasons.size === 0) this.#held = null
  }

  /** Shows the list as it is now, and holds that from here on. */
  settle() {
    this.#held = this.#reasons.size === 0 ? null : heldFrom(this.live())
  }

  /** The rows of a page that was loaded below are held with the others. */
  pageCame(isFirst: boolean) {
    if (isFirst) this.settle()
    else if (this.#held !== null) this.#held = heldFromShown(this.rows, this.#held)
  }

  /** This tab itself has changed a conversation. */
  acted(id: string) {
    if (this.#held !== null) this.#held = withOwnChange(this.#held, this.live(), id)
  }
}

/** Those that were held keep what they are compared with. */
function heldFromShown(rows: Rows, before: HeldOrder): HeldOrder {
  const { ids, positions } = heldFrom(rows)
  return { ids, positions: new Map([...positions, ...before.positions]) }
}
