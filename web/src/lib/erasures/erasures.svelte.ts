import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'
import { Managed } from '../settings/managed.svelte.ts'

type Page = inferRouterOutputs<AppRouter>['contacts']['erasures']
export type Receipt = Page['receipts'][number]

/** The receipts of contacts that were erased, newest first. */
export class Erasures extends Managed<Page> {
  #older = $state.raw<readonly Receipt[]>([])
  #next = $state.raw<string | null | undefined>(undefined)
  #isLoadingMore = $state.raw(false)

  constructor(private readonly api: Api) {
    super(() => api.contacts.erasures.query({}))
  }

  /** Null: nothing was loaded yet. */
  get receipts(): readonly Receipt[] | null {
    return this.answer && [...this.answer.receipts, ...this.#older]
  }

  get hasMore(): boolean {
    return this.#before !== null
  }

  get isLoadingMore(): boolean {
    return this.#isLoadingMore
  }

  /** Null when there is more, else why it could not be loaded. */
  async more(): Promise<string | null> {
    const before = this.#before
    if (before === null) return null
    this.#isLoadingMore = true
    try {
      const page = await this.api.contacts.erasures.query({ before })
      this.#older = [...this.#older, ...page.receipts]
      this.#next = page.nextCursor
      return null
    } catch (error) {
      return troubleOf(error).message
    } finally {
      this.#isLoadingMore = false
    }
  }

  get #before(): string | null {
    return this.#next === undefined ? (this.answer?.nextCursor ?? null) : this.#next
  }
}
