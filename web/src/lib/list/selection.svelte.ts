import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'

type Rows = readonly Pick<ConversationSnapshot, 'id'>[]

/** The conversations of the list that were picked for an act on all of them. One that leaves the list is let go. */
export class Selection {
  #ids = $state.raw<ReadonlySet<string>>(new Set())
  #picked = $derived.by(() =>
    this.#ids.size === 0 ? [] : this.rows().flatMap(({ id }) => (this.#ids.has(id) ? [id] : [])),
  )
  /** Where a range begins: the row that was picked last. */
  #anchor: string | null = null

  constructor(private readonly rows: () => Rows) {}

  get size(): number {
    return this.#picked.length
  }

  get ids(): string[] {
    return this.#picked
  }

  /** Of the rows that are loaded. */
  get isAll(): boolean {
    return this.rows().every(({ id }) => this.#ids.has(id))
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  toggle(id: string) {
    const ids = new Set(this.#ids)
    if (!ids.delete(id)) ids.add(id)
    this.#ids = ids
    this.#anchor = id
  }

  /** Picks all rows from the one that was picked last to this one. */
  extendTo(id: string) {
    const ids = this.rows().map((row) => row.id)
    const [anchor, end] = [ids.indexOf(this.#anchor ?? ''), ids.indexOf(id)]
    if (anchor === -1 || end === -1) return this.toggle(id)
    this.#ids = new Set([...this.#ids, ...ids.slice(Math.min(anchor, end), Math.max(anchor, end) + 1)])
  }

  selectAll() {
    this.#ids = new Set(this.rows().map(({ id }) => id))
  }

  /** All that are loaded; none, when all are picked already. */
  toggleAll() {
    if (this.isAll) this.clear()
    else this.selectAll()
  }

  clear() {
    this.#ids = new Set()
    this.#anchor = null
  }
}
