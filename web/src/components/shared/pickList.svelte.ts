/** One of those that can be chosen. */
export type PickOption = {
  key: string
  words: string
  /** Options of one group stand together below its name. */
  group?: string
  isChosen?: boolean
}

/** A list that is narrowed by typing and walked with the arrow keys, while the focus stays in the field. */
export class Picking<Option extends PickOption> {
  #query = $state.raw('')
  #index = $state.raw(0)
  #found = $derived.by(() => {
    const wanted = folded(this.#query.trim())
    return wanted === ''
      ? this.options()
      : this.options().filter(({ words }) => folded(words).includes(wanted))
  })

  constructor(private readonly options: () => readonly Option[]) {}

  get query(): string {
    return this.#query
  }

  set query(query: string) {
    this.#query = query
    this.#index = 0
  }

  get found(): readonly Option[] {
    return this.#found
  }

  get active(): Option | undefined {
    return this.#found[Math.min(this.#index, this.#found.length - 1)]
  }

  /** The found ones by group, in the order in which the groups come first. */
  get groups(): { group: string; options: Option[] }[] {
    const groups = new Map<string, Option[]>()
    for (const option of this.#found) {
      const group = option.group ?? ''
      groups.set(group, [...(groups.get(group) ?? []), option])
    }
    return [...groups].map(([group, options]) => ({ group, options }))
  }

  point(option: Option) {
    this.#index = this.#found.indexOf(option)
  }

  /** Whether the key was one of the list. */
  press(key: string): boolean {
    const last = this.#found.length - 1
    if (last < 0) return false
    const index = Math.min(this.#index, last)
    const moves: Record<string, number> = {
      ArrowDown: index === last ? 0 : index + 1,
      ArrowUp: index === 0 ? last : index - 1,
      PageDown: last,
      PageUp: 0,
    }
    const next = moves[key]
    if (next === undefined) return false
    this.#index = next
    return true
  }
}

/** Without case and accents, so that `jose` finds José. */
const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
