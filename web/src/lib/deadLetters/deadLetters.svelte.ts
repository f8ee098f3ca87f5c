import type { DeadLetterSnapshot } from '../../../../server/inbox/readDeadLetters.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import type { Outcome, Sweep } from './outcome.ts'

const PAGE_SIZE = 20
const COUNT_EVERY_MS = 60_000
/** What came of one request of a replay of all. */
type Piece = { stored: number; stillDead: number; next: string | null }

/** What could not be stored, for administrators: how much waits, the page that is looked at, and what is done about it. */
export class DeadLetters {
  #waiting = $state.raw(0)
  #isResolved = $state.raw(false)
  /** Null: nothing was loaded yet. */
  #letters = $state.raw<readonly DeadLetterSnapshot[] | null>(null)
  #hasMore = $state.raw(false)
  #isLoading = $state.raw(false)
  #trouble = $state.raw<Trouble | null>(null)
  #outcomes = $state.raw<ReadonlyMap<string, Outcome>>(new Map())
  #sweep = $state.raw<Sweep | null>(null)
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(private readonly api: Api) {}

  get waiting(): number {
    return this.#waiting
  }

  get isResolved(): boolean {
    return this.#isResolved
  }

  get letters(): readonly DeadLetterSnapshot[] | null {
    return this.#letters
  }

  get hasMore(): boolean {
    return this.#hasMore
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  get sweep(): Sweep | null {
    return this.#sweep
  }

  outcome(id: string): Outcome | undefined {
    return this.#outcomes.get(id)
  }

  /** Keeps the count current; the feed does not tell of letters. */
  start() {
    void this.count()
    this.#timer = setInterval(() => void this.count(), COUNT_EVERY_MS)
  }

  stop() {
    clearInterval(this.#timer)
  }

  async count(): Promise<void> {
    const page = await this.api.deadLetters.list.query({ limit: 1 }).catch(() => null)
    if (page) this.#waiting = page.waiting
  }

  show(isResolved: boolean) {
    this.#isResolved = isResolved
    this.#sweep = null
    return this.load()
  }

  /** The first page anew; what an older visit left stands no longer. */
  load() {
    this.#letters = null
    this.#outcomes = new Map()
    return this.#loadPage(undefined)
  }

  async loadMore(): Promise<void> {
    if (!this.#isLoading) await this.#loadPage(this.#letters?.at(-1)?.id)
  }

  async replay(id: string): Promise<void> {
    await this.#work(id, async () => {
      const tried = await this.api.deadLetters.replay.mutate({ id })
      return tried.outcome === 'stored' ? { kind: 'stored' } : { ...tried, kind: 'still_dead' }
    })
  }

  async discard(id: string, note: string): Promise<void> {
    await this.#work(id, async () => {
      await this.api.deadLetters.discard.mutate({ id, note })
      return { kind: 'discarded' }
    })
  }

  /** In pieces that each fit into a request, so that a long backlog shows how far it is. */
  async replayAll(): Promise<void> {
    const waiting = this.#waiting
    let [stored, stillDead] = [0, 0]
    let after: string | null = null
    let sweep: Sweep
    try {
      do {
        this.#sweep = { kind: 'working', waiting, stored }
        const piece: Piece = await this.api.deadLetters.replayAll.mutate(after === null ? {} : { after })
        stored += piece.stored
        stillDead += piece.stillDead
        after = piece.next
      } while (after !== null)
      sweep = { kind: 'done', stored, stillDead }
    } catch (error) {
      sweep = { kind: 'trouble', message: troubleOf(error).message }
    }
    await this.load()
    this.#sweep = sweep
  }

  async #work(id: string, act: () => Promise<Outcome>) {
    this.#settle(id, { kind: 'working' })
    try {
      this.#settle(id, await act())
    } catch (error) {
      this.#settle(id, { kind: 'trouble', message: troubleOf(error).message })
    }
    await this.count()
  }

  async #loadPage(before: string | undefined) {
    const isResolved = this.#isResolved
    this.#isLoading = true
    this.#trouble = null
    try {
      const page = await this.api.deadLetters.list.query({ isResolved, before, limit: PAGE_SIZE })
      if (isResolved !== this.#isResolved) return
      this.#letters = before === undefined ? page.letters : [...(this.#letters ?? []), ...page.letters]
      this.#hasMore = page.hasMore
      this.#waiting = page.waiting
    } catch (error) {
      if (isResolved !== this.#isResolved) return
      this.#trouble = troubleOf(error)
    }
    this.#isLoading = false
  }

  #settle(id: string, outcome: Outcome) {
    this.#outcomes = new Map(this.#outcomes).set(id, outcome)
  }
}
