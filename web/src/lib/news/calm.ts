import type { News } from './newsOf.ts'

/** What is said at once: the news of one conversation, and how many others have some. */
export type Telling = { conversationId: string; news: readonly News[]; others: number }

type World = { now(): number; after(ms: number, act: () => void): () => void }

/** Between two tellings; what comes meanwhile is told together. */
export const PAUSE_MS = 4_000

/**
 * Keeps news from flooding. The first is told at once. What comes within the next seconds is gathered and told in one piece:
 * the conversation where something was said last, and how many others.
 *
 *     quiet ── news ──> tell, pause ── news ──> gather ── pause is over ──> tell what is gathered, pause
 *                             └──── pause is over ──> quiet
 */
export class Calm {
  /** By conversation, the one with the newest last. */
  #gathered = new Map<string, News[]>()
  #freeAt = 0
  #cancel: (() => void) | null = null

  constructor(
    private readonly tell: (telling: Telling) => void,
    private readonly world: World,
  ) {}

  hear(news: readonly News[]) {
    for (const one of news) {
      const before = this.#gathered.get(one.conversationId) ?? []
      this.#gathered.delete(one.conversationId)
      this.#gathered.set(one.conversationId, [...before, one])
    }
    if (this.#gathered.size > 0) this.#tellWhenFree()
  }

  /** Somebody looks at it now: it need not be told any more. */
  seen(conversationId: string) {
    this.#gathered.delete(conversationId)
  }

  /** Nobody needs to be told anything of what is gathered. */
  drop() {
    this.#cancel?.()
    this.#cancel = null
    this.#gathered.clear()
  }

  #tellWhenFree() {
    if (this.#cancel !== null) return
    const waitMs = this.#freeAt - this.world.now()
    if (waitMs <= 0) this.#tellAll()
    else
      this.#cancel = this.world.after(waitMs, () => {
        this.#cancel = null
        this.#tellAll()
      })
  }

  #tellAll() {
    const last = [...this.#gathered].at(-1)
    const others = this.#gathered.size - 1
    this.#gathered.clear()
    if (!last) return
    this.#freeAt = this.world.now() + PAUSE_MS
    const [conversationId, news] = last
    this.tell({ conversationId, news, others })
  }
}
