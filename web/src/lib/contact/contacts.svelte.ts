import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { Api } from '../api/client.ts'
import { keepLatest } from '../keepLatest.ts'
import type { Toasts } from '../toasts.svelte.ts'
import { ContactCard } from './contactCard.svelte.ts'

/** Several changes of one contact are asked about once. */
const TOGETHER_MS = 200
const MOST_KEPT = 8

/** The contacts whose cards were opened in this tab. */
export class Contacts {
  #cards = new Map<string, ContactCard>()
  #timers = new Map<string, ReturnType<typeof setTimeout>>()

  constructor(
    private readonly api: Api,
    private readonly toasts: Toasts,
  ) {}

  card(contactId: string): ContactCard {
    const card = this.#cards.get(contactId) ?? new ContactCard(contactId, this.api, this.toasts)
    keepLatest(this.#cards, contactId, card, MOST_KEPT)
    return card
  }

  hear(events: readonly InboxEvent[]) {
    for (const event of events)
      if (event.type === 'conversation.changed') this.#loadSoon(event.conversation.contact.id)
  }

  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  /** Only what is held already: the others are loaded when they are opened. */
  #loadSoon(contactId: string) {
    if (!this.#cards.get(contactId)?.details || this.#timers.has(contactId)) return
    const load = () => {
      this.#timers.delete(contactId)
      void this.#cards.get(contactId)?.load()
    }
    this.#timers.set(contactId, setTimeout(load, TOGETHER_MS))
  }
}
