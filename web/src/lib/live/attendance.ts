import type { Api } from '../api/client.ts'

export const JOIN_MS = 10_000
/** Nobody touched mouse, keys or screen for so long. */
export const IDLE_MS = 5 * 60_000

export type Whereabouts = { conversationId: string | null; isAway: boolean }
type World = { now(): number; isHidden(): boolean; every(ms: number, act: () => void): () => void }

/** Tells the server which conversation this tab shows, and whether somebody is in front of it: at once, then every ten seconds. */
export class Attendance {
  #conversationId: string | null = null
  #activeAt: number
  #said: Whereabouts | null = null
  #isGone = false
  #stopTicking: (() => void) | null = null

  constructor(
    private readonly join: (whereabouts: Whereabouts) => void,
    private readonly world: World,
  ) {
    this.#activeAt = world.now()
  }

  start() {
    this.#stopTicking = this.world.every(JOIN_MS, () => this.say())
  }

  shows(conversationId: string | null) {
    if (this.#conversationId === conversationId) return
    this.#conversationId = conversationId
    this.say()
  }

  /** Somebody moves or types. */
  isActive() {
    this.#activeAt = this.world.now()
    if (this.#said?.isAway) this.say()
  }

  /** The page was hidden or shown. */
  looked() {
    if (!this.world.isHidden()) this.#activeAt = this.world.now()
    this.say()
  }

  /** The page goes. It is hidden after that, and saying so would bring it back among those who are here. */
  goes() {
    this.#isGone = true
  }

  /** The browser had kept the page, and shows it again. */
  comesBack() {
    this.#isGone = false
    this.looked()
  }

  say() {
    if (this.#isGone) return
    const isIdle = this.world.now() - this.#activeAt >= IDLE_MS
    this.#said = { conversationId: this.#conversationId, isAway: this.world.isHidden() || isIdle }
    this.join(this.#said)
  }

  stop() {
    this.#stopTicking?.()
  }
}

/** A tab's attendance over HTTP; what is not heard is said again ten seconds later. */
export function attendance(api: Api, tabId: string): Attendance {
  return new Attendance(
    (whereabouts) => void api.presence.join.mutate({ tabId, ...whereabouts }).catch(() => {}),
    {
      now: () => Date.now(),
      isHidden: () => document.hidden,
      every: (ms, act) => {
        const timer = setInterval(act, ms)
        return () => clearInterval(timer)
      },
    },
  )
}
