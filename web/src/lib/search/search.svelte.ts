import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { type Sought, sameSought } from './sought.ts'

export type SearchAnswer = inferRouterOutputs<AppRouter>['search']['query']
export type MessageHit = SearchAnswer['messages'][number]

/** Long enough that a word is typed on, short enough that nobody waits. */
const DEBOUNCE_MS = 150

/**
 * What the server finds for what is typed. Answers come in the order of the questions or not at all: a newer question takes
 * the older one back. What was found stays until something else is.
 */
export class Search {
  #sought = $state.raw<Sought | null>(null)
  #found = $state.raw<{ answer: SearchAnswer; sought: Sought } | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #isAsking = $state.raw(false)
  #isLoadingMore = $state.raw(false)
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = new AbortController()

  constructor(
    private readonly api: Api,
    private readonly pageSize: number,
  ) {}

  /** What was found last; null before the first answer, and when nothing is sought. */
  get answer(): SearchAnswer | null {
    return this.#found?.answer ?? null
  }

  /** What is shown was found for other words than those typed now. */
  get isBusy(): boolean {
    return this.#isAsking
  }

  get isLoadingMore(): boolean {
    return this.#isLoadingMore
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  get hasMore(): boolean {
    return this.#found?.answer.nextCursor != null && !this.#isAsking
  }

  /** Seeks after a moment without a further call. The same again asks nothing. */
  seek(sought: Sought) {
    if (this.#sought && sameSought(sought, this.#sought)) return
    this.#take(sought)
    if (sought.text === '') return this.#clear()
    this.#isAsking = true
    this.#timer = setTimeout(() => void this.#ask(sought), DEBOUNCE_MS)
  }

  /** Once more, after a failure. */
  retry() {
    if (!this.#sought) return
    const sought = this.#sought
    this.#take(sought)
    this.#isAsking = true
    void this.#ask(sought)
  }

  /** The next page below what is shown. */
  async loadMore(): Promise<void> {
    const shown = this.#found
    const cursor = shown?.answer.nextCursor
    if (!shown || !cursor || this.#isAsking || this.#isLoadingMore) return
    const { signal } = this.#asked
    this.#isLoadingMore = true
    this.#trouble = null
    const page = await this.#query(shown.sought, signal, cursor)
    if (signal.aborted) return
    this.#isLoadingMore = false
    if (!page) return
    const messages = [...shown.answer.messages, ...page.messages]
    const { conversations } = shown.answer
    this.#found = { sought: shown.sought, answer: { ...page, messages, conversations } }
  }

  forgetConversation(conversationId: string) {
    if (this.#found === null) return
    const { answer, sought } = this.#found
    const conversations = answer.conversations.filter((one) => one.id !== conversationId)
    const messages = answer.messages.filter((hit) => hit.message.conversationId !== conversationId)
    this.#found = { sought, answer: { ...answer, conversations, messages } }
  }

  stop() {
    clearTimeout(this.#timer)
    this.#asked.abort()
  }

  #take(sought: Sought) {
    this.stop()
    this.#asked = new AbortController()
    this.#sought = sought
    this.#trouble = null
    this.#isLoadingMore = false
  }

  #clear() {
    this.#isAsking = false
    this.#found = null
  }

  async #ask(sought: Sought): Promise<void> {
    const { signal } = this.#asked
    const answer = await this.#query(sought, signal)
    if (signal.aborted) return
    this.#isAsking = false
    if (answer) this.#found = { answer, sought }
  }

  async #query(
    { text, among, conversationId }: Sought,
    signal: AbortSignal,
    cursor?: string,
  ): Promise<SearchAnswer | null> {
    const input = { text, among, limit: this.pageSize, ...(cursor && { cursor }) }
    try {
      return await this.api.search.query.query(
        { ...input, ...(conversationId && { conversationId }) },
        { signal },
      )
    } catch (error) {
      if (!signal.aborted) this.#trouble = troubleOf(error)
      return null
    }
  }
}
