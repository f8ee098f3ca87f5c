import type { Kept } from '../inbox/kept.ts'
import { type ListQuery, queryOf, searchOf } from './listQuery.ts'

/** A list that somebody gave a name. */
export type SavedView = { name: string; search: string }

/** The named views of an agent on this device. */
export class SavedViews {
  #all: readonly SavedView[]

  constructor(private readonly kept: Kept<SavedView[]>) {
    this.#all = $state.raw(kept.read() ?? [])
  }

  get all(): readonly SavedView[] {
    return this.#all
  }

  /** The one that shows just this. */
  of(query: ListQuery): SavedView | undefined {
    const search = searchOf(query)
    return this.#all.find((view) => view.search === search)
  }

  queryOf({ search }: SavedView): ListQuery {
    return queryOf(new URLSearchParams(search))
  }

  /** Gives a list a name; a name that there was means this list from now on. */
  save(name: string, query: ListQuery) {
    const others = this.#all.filter((view) => view.name !== name)
    this.#keep([...others, { name, search: searchOf(query) }])
  }

  remove(name: string) {
    this.#keep(this.#all.filter((view) => view.name !== name))
  }

  #keep(all: SavedView[]) {
    this.#all = all
    this.kept.write(all)
  }
}

export function areSavedViews(value: unknown): value is SavedView[] {
  return (
    Array.isArray(value) &&
    value.every((one) => typeof one?.name === 'string' && typeof one?.search === 'string')
  )
}
