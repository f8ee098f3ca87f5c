import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { Composition } from './composition.svelte.ts'

/** What is being put together, by conversation, for as long as the tab lives. */
export class Compositions {
  #all = new Map<string, Composition>()

  of({ id, channelId }: Pick<ConversationSnapshot, 'id' | 'channelId'>): Composition {
    const held = this.#all.get(id)
    if (held) return held
    const made = new Composition(channelId)
    this.#all.set(id, made)
    return made
  }

  /** That of a conversation which was opened in this tab. */
  held(conversationId: string): Composition | undefined {
    return this.#all.get(conversationId)
  }

  /** Something would be lost with the tab. */
  get isAnyHeld(): boolean {
    return [...this.#all.values()].some(({ isHeld }) => isHeld)
  }
}
