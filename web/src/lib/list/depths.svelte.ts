import type { Trouble } from '../api/refusal.ts'
import { begun, type Depth, deeper, type Page, UNLOADED } from './depth.ts'
import { type ListQuery, searchOf } from './listQuery.ts'

/** How far down each list is loaded. All lists share one map of conversations; a list is a rule and a depth. */
export class Depths {
  #byList = $state.raw<ReadonlyMap<string, Depth>>(new Map())

  of(query: ListQuery): Depth {
    return this.#byList.get(searchOf(query)) ?? UNLOADED
  }

  loading(query: ListQuery) {
    this.#set(query, { ...this.of(query), isLoading: true, trouble: null })
  }

  failed(query: ListQuery, trouble: Trouble) {
    this.#set(query, { ...this.of(query), isLoading: false, trouble })
  }

  began(query: ListQuery, page: Page, asOf: number) {
    this.#set(query, begun(query.sort, page, asOf))
  }

  wentOn(query: ListQuery, page: Page) {
    this.#set(query, deeper(query.sort, this.of(query), page))
  }

  reset() {
    this.#byList = new Map()
  }

  #set(query: ListQuery, depth: Depth) {
    this.#byList = new Map(this.#byList).set(searchOf(query), depth)
  }
}
