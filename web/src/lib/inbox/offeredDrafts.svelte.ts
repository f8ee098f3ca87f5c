import type { AgentName } from '../../../../server/inbox/snapshot.ts'
import type { Kept } from './kept.ts'
import { isAgentName } from './sendRefusal.ts'

export type OfferedDraft = { text: string; from: AgentName }
export type OfferedByConversation = Readonly<Record<string, OfferedDraft>>

export function isOfferedByConversation(value: unknown): value is OfferedByConversation {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every((offer) => typeof offer?.text === 'string' && isAgentName(offer.from))
}

/** Drafts that colleagues handed over, until they are taken or put aside. Kept through a reload: nobody else has them any more. */
export class OfferedDrafts {
  #offers = $state.raw<OfferedByConversation>({})

  constructor(private readonly kept: Kept<OfferedByConversation>) {
    this.#offers = kept.read() ?? {}
  }

  of(conversationId: string): OfferedDraft | null {
    return this.#offers[conversationId] ?? null
  }

  add(conversationId: string, offer: OfferedDraft) {
    this.#set({ ...this.#offers, [conversationId]: offer })
  }

  remove(conversationId: string) {
    const { [conversationId]: _, ...others } = this.#offers
    this.#set(others)
  }

  forgetConversation(conversationId: string) {
    this.remove(conversationId)
  }

  clear() {
    this.#set({})
  }

  #set(offers: OfferedByConversation) {
    this.#offers = offers
    this.kept.write(offers)
  }
}
