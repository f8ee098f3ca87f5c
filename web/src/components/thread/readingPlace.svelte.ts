import { END } from '#lib/inbox/spans.ts'
import type { Thread } from '#lib/inbox/thread.svelte.ts'
import type { ThreadItem } from '#lib/inbox/threadItems.ts'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { AnchoredRows } from './anchoredRows.svelte.ts'

/** Where the reader is in a thread, and what they have not got to: what came below while they read further up, or were away. */
export class ReadingPlace {
  #thread: Thread
  #rows: AnchoredRows<ThreadItem>
  /** The newest position when the thread was opened, or when the reader was last at the end. */
  #reachedPosition = $state.raw('')
  #openedPosition: string
  #below = $derived.by(
    () => this.#thread.incoming.filter(({ position }) => position > this.#reachedPosition).length,
  )
  #topIndex = $derived.by(() => this.#thread.items.findIndex(({ key }) => key === this.#rows.topKey))
  #day = $derived.by(() => dayAt(this.#thread.items, this.#topIndex))

  constructor(thread: Thread, rows: AnchoredRows<ThreadItem>) {
    this.#thread = thread
    this.#rows = rows
    this.#openedPosition = thread.incoming.at(-1)?.position ?? ''
    this.#reachedPosition = this.#openedPosition
  }

  /** At the newest end of the thread, and in sight of it. */
  get isAtEnd(): boolean {
    return this.#rows.isAtBottom && !this.#thread.hasNewer
  }

  /** How many messages of the customer came below. */
  get below(): number {
    return this.#below
  }

  /** A moment of the day that the top of the view shows; null where a line says it already. */
  get day(): string | null {
    return this.#day
  }

  hasArrived(message: MessageSnapshot): boolean {
    return message.position > this.#openedPosition
  }

  /** Runs whenever a message comes or the reader moves: what is in view in a visible tab is seen. */
  look() {
    const thread = this.#thread
    const latest = thread.incoming.at(-1)?.position ?? ''
    const isUnread = (thread.conversation?.unreadCount ?? 0) > 0
    if (document.visibilityState === 'hidden') {
      if (latest > this.#reachedPosition) thread.markNewFrom(latest)
      return
    }
    if (this.isAtEnd) this.#reachedPosition = latest
    if (this.#rows.topKey !== null) thread.sawLate(thread.late.filter((id) => this.#rows.page.isInView(id)))
    if (isUnread) thread.seen()
  }

  /** Tells the thread, which forgets what is far from here. */
  tell() {
    const position = this.isAtEnd ? END : positionAt(this.#thread.items, this.#topIndex)
    if (position !== null) this.#thread.reads(position)
  }
}

function dayAt(items: readonly ThreadItem[], index: number): string | null {
  const top = items[index]
  if (!top || top.kind === 'day') return null
  if ('message' in top) return top.message.sentAt
  return items.slice(0, index).findLast((item) => item.kind === 'day')?.iso ?? null
}

function positionAt(items: readonly ThreadItem[], index: number): string | null {
  if (index < 0) return null
  const item = items.slice(index).find((one) => 'message' in one)
  return item && 'message' in item && item.message.position !== END ? item.message.position : null
}
