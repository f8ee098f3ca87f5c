/** A row that is drawn: where it stands in the list, and what of the page shows it. */
export type PlacedRow<Row> = { place: number; index: number; row: Row }

/**
 * Gives each row that is drawn a place on the page. A row that goes out of sight leaves its place to one that comes into it: to
 * write other words into what is there costs far less than to take it away and make it anew.
 */
export class RowPlaces {
  readonly #places = new Map<string, number>()
  #next = 0

  /**
   * The rows at these indexes, with their places: those that were here keep theirs. `focusedId`: its place goes with it, or the
   * keyboard would be on another row without having moved.
   */
  of<Row extends { id: string }>(
    rows: readonly Row[],
    indexes: readonly number[],
    focusedId: string | null,
  ): PlacedRow<Row>[] {
    const drawn = indexes.flatMap((index) => {
      const row = rows[index]
      return row ? [{ index, row }] : []
    })
    const free = this.#leave(new Set(drawn.map(({ row }) => row.id)), focusedId)
    return drawn.map(({ index, row }) => {
      const place = this.#places.get(row.id) ?? free.pop() ?? this.#next++
      this.#places.set(row.id, place)
      return { place, index, row }
    })
  }

  /** The places of those that went. */
  #leave(wanted: ReadonlySet<string>, focusedId: string | null): number[] {
    const free: number[] = []
    for (const [id, place] of this.#places) {
      if (wanted.has(id)) continue
      this.#places.delete(id)
      if (id !== focusedId) free.push(place)
    }
    return free
  }
}
