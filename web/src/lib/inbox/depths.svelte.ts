import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Trouble } from '../api/refusal.ts'
import type { View } from './views.ts'

/** How far down a view is loaded. `oldest` null: nothing was loaded yet. */
type Depth = { oldest: string | null; hasMore: boolean; isLoading: boolean; trouble: Trouble | null }

const UNLOADED: Depth = { oldest: null, hasMore: true, isLoading: false, trouble: null }

/** How far down each view is loaded; what stands below that is not shown, since there may be gaps in it. */
export class Depths {
  #byView = $state.raw<ReadonlyMap<View, Depth>>(new Map())

  of(view: View): Depth {
    return this.#byView.get(view) ?? UNLOADED
  }

  /** The lowest position that may be shown; '' when all is loaded. */
  floor(view: View): string {
    const { oldest, hasMore } = this.of(view)
    return hasMore ? (oldest ?? '') : ''
  }

  loading(view: View) {
    this.#set(view, { isLoading: true, trouble: null })
  }

  failed(view: View, trouble: Trouble) {
    this.#set(view, { isLoading: false, trouble })
  }

  reached(view: View, page: { conversations: ConversationSnapshot[]; hasMore: boolean }) {
    const oldest = page.conversations.at(-1)?.lastPosition ?? this.of(view).oldest ?? ''
    this.#set(view, { oldest, hasMore: page.hasMore, isLoading: false, trouble: null })
  }

  reset() {
    this.#byView = new Map()
  }

  #set(view: View, change: Partial<Depth>) {
    this.#byView = new Map(this.#byView).set(view, { ...this.of(view), ...change })
  }
}
