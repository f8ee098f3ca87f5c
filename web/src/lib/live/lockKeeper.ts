import type { AgentName } from '../../../../server/inbox/snapshot.ts'
import type { LockSnapshot, PresenceItem } from '../../../../server/live/presenceItem.ts'
import type { LockAnswer, LockCalls } from './lockCalls.ts'

/** What this tab has to do with reply locks: at most one conversation at a time. */
export type Holding =
  | { is: 'none' }
  /** This tab holds it, and says so every ten seconds. */
  | { is: 'mine'; conversationId: string; lock: LockSnapshot }
  /** It was taken from this tab: by whom stands here until the agent has decided about the draft. */
  | { is: 'taken'; conversationId: string; by: AgentName }

export type KeeperWorld = {
  now(): number
  every(ms: number, act: () => void): () => void
  after(ms: number, act: () => void): () => void
  /** The lock of a conversation when a colleague is known to hold it. */
  othersLock(conversationId: string): LockSnapshot | null
  /** A lock that an answer told of. */
  learned(lock: LockSnapshot): void
  learnedHolder(conversationId: string, holder: AgentName, expiresAt: string): void
  released(conversationId: string): void
  changed(holding: Holding): void
}

export const HEARTBEAT_MS = 10_000
/** How long the server keeps it without a heartbeat. */
export const LOCK_MS = 30_000
/** A tab that nobody touches gives the baton up: it stops saying that it is there. */
export const UNTOUCHED_MS = 2 * 60_000
export const BLUR_MS = 400
/** Between two tries when the first one failed: typing asks with every key. */
const ASK_AGAIN_MS = 3_000

/**
 * Takes, keeps and gives back the reply lock for this tab.
 *
 *     none  ── the composer is focused or typed in, nobody else holds it ──> mine
 *     mine  ── every 10 s: heartbeat, unless untouched for 2 min ──> mine
 *     mine  ── left, blurred and empty, signed out, ran out ──> none
 *     mine  ── a colleague takes over ──> taken ── decided, or taken back ──> none | mine
 */
export class LockKeeper {
  #holding: Holding = { is: 'none' }
  #focused: string | null = null
  #touchedAt = 0
  #heldUntil = 0
  #asking: string | null = null
  #askedAt = Number.NEGATIVE_INFINITY
  #stopTicking: (() => void) | null = null
  #cancelRelease = () => {}

  constructor(
    private readonly calls: LockCalls,
    private readonly world: KeeperWorld,
  ) {}

  get holding(): Holding {
    return this.#holding
  }

  /** The composer of this conversation got the focus. */
  focus(conversationId: string) {
    this.#cancelRelease()
    this.#focused = conversationId
    this.touch(conversationId)
  }

  /**
   * It lost the focus; what is written there keeps the lock for a while. Not at once: the press of a button takes the focus
   * first, and a bar that goes in that moment would move the button away from under the pointer.
   */
  blur(conversationId: string, isEmpty: boolean) {
    if (this.#focused === conversationId) this.#focused = null
    if (isEmpty) this.#cancelRelease = this.world.after(BLUR_MS, () => void this.release(conversationId))
  }

  /** Somebody writes here. */
  touch(conversationId: string) {
    this.#touchedAt = this.world.now()
    if (this.#holding.is === 'mine' && this.#holding.conversationId !== conversationId)
      void this.release(this.#holding.conversationId)
    if (this.#holding.is === 'none') void this.#acquire(conversationId)
  }

  async takeOver(conversationId: string): Promise<LockAnswer> {
    this.#touchedAt = this.world.now()
    const answer = await this.calls.takeover(conversationId)
    if ('lock' in answer) this.#hold(answer.lock)
    return answer
  }

  /** Done when the server knows, or could not be told. */
  async release(conversationId: string): Promise<void> {
    this.#cancelRelease()
    if (this.#asking === conversationId) this.#asking = null
    const { holding } = this
    if (holding.is === 'none' || holding.conversationId !== conversationId) return
    this.#become({ is: 'none' })
    if (holding.is !== 'mine') return
    this.world.released(conversationId)
    await this.calls.release(conversationId, holding.lock.fence)
  }

  /** The agent has seen who took it. */
  acceptLoss() {
    if (this.#holding.is === 'taken') this.#become({ is: 'none' })
  }

  /** A refusal said that somebody else has it now. */
  lost(conversationId: string, by: AgentName) {
    this.#become({ is: 'taken', conversationId, by })
  }

  /** A refusal said that the fence is not current any more, and that nobody has the lock. */
  lapsed(conversationId: string) {
    this.world.released(conversationId)
    this.#wasFreed(conversationId)
  }

  /** `live.presence` speaks; after the connection was lost it begins with the whole state. */
  hear(item: PresenceItem) {
    if (item.type === 'state') this.#compare()
    if (item.type !== 'lock') return
    const { conversationId, lock } = item
    if (lock === null) this.#wasFreed(conversationId)
    else if (this.#holding.is === 'mine' && this.#holding.conversationId === conversationId)
      this.#heardOfOurs(this.#holding.lock, lock)
  }

  stop() {
    this.#stopTicking?.()
    this.#stopTicking = null
  }

  #heardOfOurs(ours: LockSnapshot, lock: LockSnapshot) {
    if (lock.holder.id !== ours.holder.id) {
      if (lock.fence > ours.fence) this.lost(lock.conversationId, lock.holder)
    } else if (lock.fence > ours.fence || lock.expiresAt > ours.expiresAt) this.#hold(lock)
  }

  /** Whoever waits at the composer gets it; a tab that was left alone does not. */
  #wasFreed(conversationId: string) {
    if (this.#holding.is !== 'none' && this.#holding.conversationId === conversationId)
      this.#become({ is: 'none' })
    if (this.#focused === conversationId && !this.#isUntouched()) void this.#acquire(conversationId)
  }

  #compare() {
    const { holding } = this
    this.#askedAt = Number.NEGATIVE_INFINITY
    if (holding.is === 'mine') {
      const others = this.world.othersLock(holding.conversationId)
      if (others) this.lost(holding.conversationId, others.holder)
      else void this.#beat()
    } else if (this.#focused !== null && !this.#isUntouched()) void this.#acquire(this.#focused)
  }

  async #acquire(conversationId: string) {
    const isTooSoon = this.world.now() - this.#askedAt < ASK_AGAIN_MS
    if (this.#asking === conversationId || isTooSoon || this.world.othersLock(conversationId)) return
    this.#asking = conversationId
    const answer = await this.calls.acquire(conversationId)
    const isWanted = this.#asking === conversationId
    if (isWanted) this.#asking = null
    if ('lock' in answer) {
      if (isWanted) this.#hold(answer.lock)
      else void this.calls.release(conversationId, answer.lock.fence)
      return
    }
    if ('isAway' in answer) this.#askAgainLater(conversationId)
    if ('heldBy' in answer) this.world.learnedHolder(conversationId, answer.heldBy, answer.expiresAt)
  }

  #askAgainLater(conversationId: string) {
    this.#askedAt = this.world.now()
    this.world.after(ASK_AGAIN_MS, () => {
      const isStillWanted = this.#focused === conversationId && !this.#isUntouched()
      if (isStillWanted && this.#holding.is === 'none') void this.#acquire(conversationId)
    })
  }

  async #beat() {
    const { holding } = this
    if (holding.is !== 'mine') return
    const { conversationId, lock } = holding
    const answer: LockAnswer = this.#isUntouched()
      ? { isAway: true }
      : await this.calls.heartbeat(conversationId, lock.fence)
    const isStillOurs = this.#holding.is === 'mine' && this.#holding.lock.fence === lock.fence
    if (!isStillOurs) return
    if ('lock' in answer) this.#hold(answer.lock)
    else if ('heldBy' in answer) {
      this.world.learnedHolder(conversationId, answer.heldBy, answer.expiresAt)
      this.lost(conversationId, answer.heldBy)
    } else if ('isGone' in answer) {
      // It ran out while nobody else wanted it: a new one, under a new fence.
      void this.release(conversationId)
      void this.#acquire(conversationId)
    } else if (this.world.now() >= this.#heldUntil) void this.release(conversationId)
  }

  #hold(lock: LockSnapshot) {
    // By this device's clock, which may be minutes off the server's.
    this.#heldUntil = this.world.now() + LOCK_MS
    this.world.learned(lock)
    this.#become({ is: 'mine', conversationId: lock.conversationId, lock })
  }

  #isUntouched(): boolean {
    return this.world.now() - this.#touchedAt >= UNTOUCHED_MS
  }

  #become(holding: Holding) {
    this.#holding = holding
    if (holding.is === 'mine') this.#stopTicking ??= this.world.every(HEARTBEAT_MS, () => void this.#beat())
    else this.stop()
    this.world.changed(holding)
  }
}
