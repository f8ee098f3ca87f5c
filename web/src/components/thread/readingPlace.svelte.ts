import { tick } from 'svelte'
import type { Thread } from '#lib/inbox/thread.svelte.ts'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Scroller } from './scroller.svelte.ts'

/** What the reader has not got to: messages that came below while they read further up, or while the tab was hidden. */
export class ReadingPlace {
  #incoming: () => readonly MessageSnapshot[]
  #scroller: Scroller
  /** The newest position when the thread was opened, or when the reader was last at the bottom. */
  #reachedPosition = $state.raw<string | null>(null)
  #openedPosition: string | null = null
  #below = $derived.by(() => {
    const reached = this.#reachedPosition
    return reached === null ? 0 : this.#incoming().filter(({ position }) => position > reached).length
  })

  constructor(incoming: () => readonly MessageSnapshot[], scroller: Scroller) {
    this.#incoming = incoming
    this.#scroller = scroller
    this.#openedPosition = incoming().at(-1)?.position ?? ''
    this.#reachedPosition = this.#openedPosition
    void tick().then(() => scroller.toNewLine())
  }

  get below(): number {
    return this.#below
  }

  hasArrived(message: MessageSnapshot): boolean {
    return message.position > (this.#openedPosition ?? '')
  }

  /** Runs whenever a message comes or the reader moves: what is in view in a visible tab is seen. */
  look(thread: Thread) {
    const latest = this.#incoming().at(-1)?.position ?? ''
    const isUnread = (thread.conversation?.unreadCount ?? 0) > 0
    if (document.visibilityState === 'hidden') {
      if (latest > (this.#reachedPosition ?? '')) thread.markNewFrom(latest)
      return
    }
    if (this.#scroller.isAtBottom) this.#reachedPosition = latest
    if (isUnread) thread.seen()
  }
}
