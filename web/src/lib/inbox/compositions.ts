import { Composition } from './composition.svelte.ts'
import type { Thread } from './thread.svelte.ts'

/** What is being put together, by conversation, for as long as the tab lives. */
export class Compositions {
  #all = new Map<string, Composition>()

  of(thread: Thread, channelId: string): Composition {
    const deliver: ConstructorParameters<typeof Composition>[1] = (body, parts) => thread.send(body, parts)
    const held = this.#all.get(thread.id)
    if (held) {
      held.deliverTo(deliver)
      return held
    }
    const made = new Composition(channelId, deliver)
    this.#all.set(thread.id, made)
    return made
  }

  get isAnyHeld(): boolean {
    return [...this.#all.values()].some(({ isHeld }) => isHeld)
  }
}
