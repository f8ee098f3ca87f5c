/** What became of an offer: nothing was there, it was taken or refused for good, or the server could not be asked. */
export type Offered = 'none' | 'settled' | 'later'

/** Runs an act while no other tab of this agent runs one of the same name. */
export type Exclusively = (name: string, signal: AbortSignal, act: () => Promise<void>) => Promise<void>

export type CourierTimes = { firstRetryMs: number; longestRetryMs: number }

const TIMES: CourierTimes = { firstRetryMs: 1_000, longestRetryMs: 15_000 }

/**
 * Carries each conversation's messages to the server, one after the other, so that they keep their order. Of several tabs one
 * at a time carries those of a conversation; the next takes over where it stopped, or was closed. That the server takes each
 * `clientMessageId` once is the second lock on that door.
 */
export class Courier {
  #asked = new Set<string>()
  #busy = new Set<string>()
  #wake = new Set<() => void>()
  #stopping = new AbortController()

  constructor(
    private readonly offer: (conversationId: string) => Promise<Offered>,
    private readonly exclusively: Exclusively,
    private readonly times: CourierTimes = TIMES,
  ) {}

  /** Something of this conversation waits. */
  attend(conversationId: string) {
    this.#asked.add(conversationId)
    if (!this.#busy.has(conversationId)) void this.#work(conversationId)
  }

  /** There is reason to believe that the server can be reached again. */
  hurry() {
    for (const wake of this.#wake) wake()
  }

  stop() {
    this.#stopping.abort()
    this.hurry()
  }

  async #work(conversationId: string) {
    const { signal } = this.#stopping
    this.#busy.add(conversationId)
    // What is asked for while the last offer finds nothing is asked again, not forgotten.
    while (!signal.aborted && this.#asked.delete(conversationId)) {
      await this.exclusively(conversationId, signal, () => this.#carry(conversationId)).catch(() => {})
    }
    this.#busy.delete(conversationId)
  }

  async #carry(conversationId: string) {
    for (let tries = 0; !this.#stopping.signal.aborted; ) {
      const offered = await this.offer(conversationId)
      if (offered === 'none') return
      tries = offered === 'later' ? tries + 1 : 0
      if (tries > 0) await this.#pause(tries)
    }
  }

  #pause(tries: number): Promise<void> {
    const { firstRetryMs, longestRetryMs } = this.times
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** (tries - 1))
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        this.#wake.delete(go)
        resolve()
      }
      const timer = setTimeout(go, longest * (0.5 + Math.random() / 2))
      this.#wake.add(go)
    })
  }
}

/** By the browser's own locks, which end with the tab that holds them; where there are none, by nothing. */
export function byWebLocks(agentId: string, locks: LockManager | undefined): Exclusively {
  return async (name, signal, act) => {
    if (locks) await locks.request(`baton:send:${agentId}:${name}`, { signal }, act)
    else await act()
  }
}
