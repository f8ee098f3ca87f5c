import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { ConversationSnapshot, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { mergeMessage } from '../inbox/mergeMessage.ts'
import { advanced } from '../inbox/status.ts'

export type TroubledRow = { message: MessageSnapshot; conversation: ConversationSnapshot }
export type TroubleFilter = 'all' | 'failed' | 'unknown'

const PAGE_SIZE = 50
/** A burst of failures is counted once. */
const COUNT_AFTER_MS = 400
const TROUBLED: ReadonlySet<string> = new Set(['failed', 'unknown'])

/**
 * What did not arrive, or may not have, across the inbox. Rows stay on the page until it is visited anew, with what became
 * of them; the counts are the server's.
 */
export class Troubles {
  #counts = $state.raw({ failed: 0, unknown: 0 })
  /** Null: nothing was loaded yet. */
  #rows = $state.raw<readonly TroubledRow[] | null>(null)
  #nextCursor = $state.raw<string | null>(null)
  #isLoading = $state.raw(false)
  #trouble = $state.raw<Trouble | null>(null)
  #filter = $state.raw<TroubleFilter>('all')
  /** Which tab a row stands in stays as it was when it was loaded, so that nothing moves under the hand. */
  #loadedAs = new Map<string, string>()
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly api: Api) {}

  get counts() {
    return this.#counts
  }

  get total(): number {
    return this.#counts.failed + this.#counts.unknown
  }

  get filter(): TroubleFilter {
    return this.#filter
  }

  get rows(): readonly TroubledRow[] | null {
    const filter = this.#filter
    if (filter === 'all' || this.#rows === null) return this.#rows
    return this.#rows.filter(({ message }) => this.#loadedAs.get(message.id) === filter)
  }

  get hasMore(): boolean {
    return this.#nextCursor !== null
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  show(filter: TroubleFilter) {
    this.#filter = filter
  }

  load() {
    this.#rows = null
    this.#loadedAs.clear()
    return this.#page(undefined)
  }

  async loadMore(): Promise<void> {
    if (!this.#isLoading && this.#nextCursor !== null) await this.#page(this.#nextCursor)
  }

  /** These channels fell out of reach, or are loaded anew. */
  dropChannels(channelIds: readonly string[]) {
    this.#rows =
      this.#rows?.filter(({ conversation }) => !channelIds.includes(conversation.channelId)) ?? null
  }

  forgetConversation(conversationId: string) {
    this.#rows = this.#rows?.filter(({ conversation }) => conversation.id !== conversationId) ?? null
    this.#countSoon()
  }

  async count(): Promise<void> {
    const page = await this.api.messages.troubled.query({ limit: 1 }).catch(() => null)
    if (page) this.#counts = page.counts
  }

  /** A message that this tab changed. */
  hold(message: MessageSnapshot) {
    this.#change(message.id, (held) => mergeMessage(held, message))
    this.#countSoon()
  }

  hear(events: readonly InboxEvent[]) {
    for (const event of events) {
      if (event.type === 'message.status') {
        const isKnown = this.#change(event.messageId, (held) => advanced(held, event))
        if (isKnown || TROUBLED.has(event.status)) this.#countSoon()
      }
      if (event.type === 'message.changed' && event.message.direction === 'out') this.hold(event.message)
    }
  }

  stop() {
    clearTimeout(this.#timer)
  }

  #change(id: string, change: (held: MessageSnapshot) => MessageSnapshot): boolean {
    const rows = this.#rows
    if (!rows?.some(({ message }) => message.id === id)) return false
    this.#rows = rows.map((row) => (row.message.id === id ? { ...row, message: change(row.message) } : row))
    return true
  }

  #countSoon() {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.count()
    }, COUNT_AFTER_MS)
  }

  async #page(cursor: string | undefined) {
    this.#isLoading = true
    this.#trouble = null
    try {
      const page = await this.api.messages.troubled.query({ limit: PAGE_SIZE, ...(cursor && { cursor }) })
      for (const { message } of page.messages) this.#loadedAs.set(message.id, message.status)
      this.#rows = cursor ? [...(this.#rows ?? []), ...page.messages] : page.messages
      this.#nextCursor = page.nextCursor
      this.#counts = page.counts
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
    this.#isLoading = false
  }
}
