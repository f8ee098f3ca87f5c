import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { isWithin } from './depth.ts'
import { Depths } from './depths.svelte.ts'
import { DEFAULT_QUERY, type ListQuery, searchOf, shortSearchOf } from './listQuery.ts'
import { fits, isInView, isTimely, order, type Reader } from './listRules.ts'
import { OrderedRows, type Rule } from './orderedRows.ts'
import { Selection } from './selection.svelte.ts'
import { StillOrder } from './stillOrder.svelte.ts'

const FIRST_PAGE = 50
/** Who scrolls wants more at once. */
const NEXT_PAGE = 100
/** A list that is told by time is read again when it was away for longer: windows have closed meanwhile that no event tells of. */
const TIMELY_FOR_MS = 60_000

export type ListPage = Awaited<ReturnType<Api['conversations']['list']['query']>>

/** Where a list gets its rows from, and where it leaves the pages that it reads. */
export type ListSource = {
  reader(): Reader
  conversations(): ReadonlyMap<string, ConversationSnapshot>
  openId(): string | null
  now(): number
  took(page: ListPage, query: ListQuery): void
}

/** The list that is shown: a query, how far down it is loaded, and its rows in an order that keeps still when it has to. */
export class List {
  #query = $state.raw<ListQuery>(DEFAULT_QUERY)
  #depths = new Depths()
  #depth = $derived(this.#depths.of(this.#query))
  #asOf = $derived.by(() => (isTimely(this.#query) ? this.source.now() : 0))
  #rule = $derived(this.#ruleOf(this.#query))
  #ordered = new OrderedRows()
  #live = $derived.by(() => this.#ordered.of(this.source.conversations(), this.#rule))
  #hasBegun = false
  readonly order = new StillOrder(
    () => this.#live,
    (id) => this.source.conversations().get(id),
  )
  readonly selection = new Selection(() => this.rows)

  constructor(
    private readonly api: Api,
    private readonly source: ListSource,
  ) {}

  get query(): ListQuery {
    return this.#query
  }

  /** What a link within the inbox carries, so that the list stays as it is. */
  get search(): string {
    return shortSearchOf(this.#query)
  }

  get rows(): readonly ConversationSnapshot[] {
    return this.order.rows
  }

  get isFirstLoad(): boolean {
    return !this.#depth.isLoaded && !this.#depth.trouble
  }

  get hasMore(): boolean {
    return this.#depth.hasMore
  }

  get trouble(): Trouble | null {
    return this.#depth.trouble
  }

  /** Shows another list. What was loaded of it is there at once. */
  show(query: ListQuery) {
    if (searchOf(query) === searchOf(this.#query)) return
    this.#query = query
    this.selection.clear()
    this.order.settle()
    const { isLoaded, isLoading, asOf } = this.#depth
    const isStale = isTimely(query) && Date.now() - asOf > TIMELY_FOR_MS
    if (this.#hasBegun && !isLoading && (!isLoaded || isStale)) void this.load()
  }

  /** Reads the first page; null when that failed. */
  load(): Promise<ListPage | null> {
    this.#hasBegun = true
    return this.#loadPage(this.#query, null)
  }

  loadMore() {
    const { next, isLoading, trouble } = this.#depth
    if (next !== null && !isLoading && !trouble) void this.#loadPage(this.#query, next)
  }

  retry() {
    void this.#loadPage(this.#query, this.#depth.next)
  }

  /** Reads the first page for somebody who begins anew, and shows nothing of it before `begin`; null when that failed. */
  async readAgain(): Promise<{ page: ListPage; query: ListQuery; begin: () => void } | null> {
    const [query, askedAt] = [this.#query, Date.now()]
    const page = await this.#read(query, null).catch(() => null)
    if (page === null) return null
    const begin = () => {
      this.#depths.reset()
      this.#depths.began(query, page, askedAt)
      this.order.settle()
      if (query !== this.#query) void this.load()
    }
    return { page, query, begin }
  }

  async #loadPage(query: ListQuery, before: string | null): Promise<ListPage | null> {
    const askedAt = Date.now()
    this.#depths.loading(query)
    try {
      const page = await this.#read(query, before)
      this.source.took(page, query)
      if (before === null) this.#depths.began(query, page, askedAt)
      else this.#depths.wentOn(query, page)
      if (query === this.#query) this.order.pageCame(before === null)
      return page
    } catch (error) {
      this.#depths.failed(query, troubleOf(error))
      return null
    }
  }

  #read({ view, filters, sort }: ListQuery, before: string | null): Promise<ListPage> {
    const place = before === null ? { limit: FIRST_PAGE } : { limit: NEXT_PAGE, before }
    return this.api.conversations.list.query({ view, sort, ...filters, ...place })
  }

  /** The open conversation stays among the unread while it is open, though it was read meanwhile. */
  #ruleOf(query: ListQuery): Rule {
    const [reader, asOf] = [this.source.reader(), this.#asOf]
    const isHere = this.#isGuess(query) ? () => true : isWithin(query.sort, this.#depth)
    const openId = query.view === 'unread' ? this.source.openId() : null
    return {
      holds: (row) =>
        row.lastPosition !== '' &&
        isHere(row) &&
        (isInView(query.view, row, reader) || row.id === openId) &&
        fits(query.filters, row, asOf),
      order: order(query.sort, asOf),
    }
  }

  /** Until the first page is here, what the tab holds of a list stands for it: nearly right now is better than right later. */
  #isGuess({ sort }: ListQuery): boolean {
    return sort === 'newest' && this.isFirstLoad
  }
}
