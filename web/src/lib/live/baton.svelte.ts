import type { LockCalls } from './lockCalls.ts'
import { type Holding, LockKeeper } from './lockKeeper.ts'
import type { Presence } from './presence.svelte.ts'

/** The reply lock as the page sees it: {@link LockKeeper} with this browser's clock, and its state to draw from. */
export class Baton {
  #holding = $state.raw<Holding>({ is: 'none' })
  readonly keeper: LockKeeper

  constructor(
    calls: LockCalls,
    private readonly presence: Presence,
    private readonly me: { id: string },
  ) {
    this.keeper = new LockKeeper(calls, {
      now: () => Date.now(),
      every: (ms, act) => {
        const timer = setInterval(act, ms)
        return () => clearInterval(timer)
      },
      after: (ms, act) => {
        const timer = setTimeout(act, ms)
        return () => clearTimeout(timer)
      },
      othersLock: (conversationId) => presence.othersLock(conversationId),
      learned: (lock) => presence.learn(lock),
      learnedHolder: (conversationId, holder, expiresAt) =>
        presence.learnHolder(conversationId, holder, expiresAt),
      released: (conversationId) => presence.forget(conversationId),
      changed: (holding) => {
        this.#holding = holding
      },
    })
  }

  /** What this tab has to do with the lock of a conversation. */
  of(conversationId: string): Holding {
    const holding = this.#holding
    return holding.is !== 'none' && holding.conversationId === conversationId ? holding : { is: 'none' }
  }

  /** The fence to send with: that of this tab, or of another tab of the same agent. */
  fenceOf(conversationId: string): number | null {
    const holding = this.of(conversationId)
    if (holding.is === 'mine') return holding.lock.fence
    const lock = this.presence.lockOf(conversationId)
    return lock?.holder.id === this.me.id ? lock.fence : null
  }

  /** The page goes away, for good or to be loaded again: the lock lives three seconds longer, so that a reload keeps it. */
  pageHides(tabId: string) {
    const holding = this.#holding
    if (holding.is !== 'mine') return
    const body = new Blob([JSON.stringify({ tabId })], { type: 'application/json' })
    navigator.sendBeacon(`/api/v1/conversations/${holding.conversationId}/leave`, body)
  }

  /** The lock goes back before the session ends. */
  async letGo(): Promise<void> {
    const holding = this.#holding
    if (holding.is === 'mine') await this.keeper.release(holding.conversationId)
  }
}
