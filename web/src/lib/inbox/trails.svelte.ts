import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { Api } from '../api/client.ts'
import { keepLatest } from '../keepLatest.ts'
import type { TrailEntry } from './trailInWords.ts'

/** An act is told by its event a moment before its answer; several of them are asked about once. */
const TOGETHER_MS = 120
const MOST_KEPT = 12
const PUT_AWAY: ReadonlySet<string> = new Set(['conversation.resolved', 'conversation.snoozed'])

/** What happened to the conversations that were opened here, beside what was said in them. */
export class Trails {
  #entries = $state.raw<ReadonlyMap<string, readonly TrailEntry[]>>(new Map())
  #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(private readonly api: Api) {}

  /** Oldest first; none before they were loaded. */
  of(conversationId: string): readonly TrailEntry[] {
    return this.#entries.get(conversationId) ?? []
  }

  /** What cannot be asked for now is not shown; the thread is whole without it. */
  async load(conversationId: string): Promise<void> {
    const answer = await this.api.conversations.trail.query({ conversationId }).catch(() => null)
    if (answer === null) return
    const entries = new Map(this.#entries)
    keepLatest(entries, conversationId, answer.entries.toReversed(), MOST_KEPT)
    this.#entries = entries
  }

  hear(events: readonly InboxEvent[]) {
    for (const event of events) {
      if (event.type === 'conversation.changed') this.#loadSoon(event.conversation.id)
      // The customer's message opens again what was put away, and says so by itself alone.
      if (event.type === 'message.added' && this.#isPutAway(event.conversation.id))
        this.#loadSoon(event.conversation.id)
    }
  }

  /** Some of what is held may be old. */
  reload() {
    for (const id of this.#entries.keys()) this.#loadSoon(id)
  }

  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  #isPutAway(conversationId: string): boolean {
    const states = this.of(conversationId).filter(
      ({ action }) => PUT_AWAY.has(action) || action === 'conversation.reopened',
    )
    return PUT_AWAY.has(states.at(-1)?.action ?? '')
  }

  #loadSoon(id: string) {
    if (!this.#entries.has(id) || this.#timers.has(id)) return
    const load = () => {
      this.#timers.delete(id)
      void this.load(id)
    }
    this.#timers.set(id, setTimeout(load, TOGETHER_MS))
  }
}
