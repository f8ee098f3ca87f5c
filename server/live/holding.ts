import type { Held } from '../inbox/policy.ts'
import type { LoggedEvent } from './logReader.ts'

/**
 * Whose conversations are now, for the events that a tail holds. An old event is shown to who may see its conversation today,
 * so all events of a conversation share one record, which each later event brings up to date.
 */
export class Holding {
  readonly #byConversation = new Map<string, Held>()

  /** Takes newly read events: what was read last is the newest. Their `held` becomes the shared record. */
  learn(page: readonly LoggedEvent[]): void {
    for (const event of page) {
      const { conversationId, held } = event
      if (conversationId === null || held === null) continue
      const known = this.#byConversation.get(conversationId)
      if (known) event.held = Object.assign(known, held)
      else this.#byConversation.set(conversationId, held)
    }
  }

  keepOnly(ring: readonly LoggedEvent[]): void {
    const ids = new Set(ring.map((event) => event.conversationId))
    for (const id of this.#byConversation.keys()) if (!ids.has(id)) this.#byConversation.delete(id)
  }
}
