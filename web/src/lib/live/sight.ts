import type { InboxEvent } from '../../../../server/inbox/event.ts'

/** What appears takes a moment to be seen: who presses Enter within it has not read it. */
export const NOTICE_MS = 1_500

type World = { isHidden(): boolean; after(ms: number, act: () => void): () => void }

/**
 * How far the agent has seen a conversation, for the send guard: as far as the log was applied to the page, except that a
 * colleague's message in the open conversation counts from when it was in view, on a visible page, for a moment. Without that
 * an answer that crosses a colleague's by half a second would count as an answer that knew it.
 */
export class Sight {
  #open: string | null = null
  /** The cursor before the first message that nobody has seen yet. */
  #unseenAfter: string | null = null
  #cancel = () => {}

  constructor(
    private readonly agentId: string,
    /** How far the log has been applied to the page. */
    private readonly shownTo: () => string | null,
    private readonly world: World,
  ) {}

  /** The cursor that a send in this conversation carries. */
  seenTo(conversationId: string): string | null {
    return conversationId === this.#open && this.#unseenAfter !== null ? this.#unseenAfter : this.shownTo()
  }

  opened(conversationId: string | null) {
    if (conversationId !== this.#open) this.read()
    this.#open = conversationId
  }

  /** Before they are applied. */
  arrives(events: readonly InboxEvent[]) {
    const isForeign = events.some(
      (event) =>
        event.type === 'message.added' &&
        event.message.conversationId === this.#open &&
        event.message.direction === 'out' &&
        event.message.agent !== null &&
        event.message.agent.id !== this.agentId,
    )
    if (!isForeign) return
    this.#unseenAfter ??= this.shownTo()
    this.looked()
  }

  /** The page was hidden or shown. */
  looked() {
    this.#cancel()
    if (this.#unseenAfter !== null && !this.world.isHidden())
      this.#cancel = this.world.after(NOTICE_MS, () => this.read())
  }

  /** Everything that is shown has been read. */
  read() {
    this.#cancel()
    this.#unseenAfter = null
  }
}

export function sightOf(agentId: string, shownTo: () => string | null): Sight {
  return new Sight(agentId, shownTo, {
    isHidden: () => document.hidden,
    after: (ms, act) => {
      const timer = setTimeout(act, ms)
      return () => clearTimeout(timer)
    },
  })
}
