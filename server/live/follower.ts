import type { PresenceItem } from './presenceItem.ts'
import { waitFor } from './wait.ts'

/** A change of what is soft, with what decides who is told. */
export type Change = {
  /** Changes with the same key replace each other: only how it is now counts. */
  key: string
  /** Who may see the channel may know; null for everybody in the workspace. */
  channelId: string | null
  /** Only for this agent. */
  toAgentId?: string
  /** Only for tabs that show this conversation. */
  toViewersOf?: string
  item: Exclude<PresenceItem, { type: 'state' }>
}

/** So many different things may wait for a subscriber; beyond it is told the whole state once instead. */
const MOST_WAITING = 2000

/** What waits for one subscriber. It never grows with time, only with how many different things there are. */
export class Follower {
  readonly #waiting = new Map<string, Change>()
  #needsState = true
  #wake: (() => void) | null = null

  constructor(
    readonly agentId: string,
    /** Null for a subscriber that is no tab. */
    readonly tabKey: string | null,
  ) {}

  note(change: Change): void {
    if (this.#needsState) return
    const before = this.#waiting.get(change.key)
    this.#waiting.delete(change.key)
    this.#waiting.set(change.key, before ? merged(before, change) : change)
    if (this.#waiting.size > MOST_WAITING) this.askForState()
    this.#wake?.()
  }

  /** From now on everything is told anew. */
  askForState(): void {
    this.#waiting.clear()
    this.#needsState = true
    this.#wake?.()
  }

  /** Whether the next that it is told has to be the whole state; what changes after this question is told after it. */
  takeNeedForState(): boolean {
    const needed = this.#needsState
    this.#needsState = false
    return needed
  }

  next(): Change | null {
    const [change] = this.#waiting.values()
    if (!change) return null
    this.#waiting.delete(change.key)
    return change
  }

  /** Waits for something to tell, at most `ms`. */
  async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#needsState || this.#waiting.size > 0) return
    await waitFor(ms, signal, (end) => {
      this.#wake = end
      return () => {
        this.#wake = null
      }
    })
  }
}

/** A heartbeat must not hide the takeover before it: the word of the one, the time of the other. */
function merged(before: Change, after: Change): Change {
  const isHeartbeat = after.item.type === 'lock' && after.item.change === 'renewed'
  if (!isHeartbeat || before.item.type !== 'lock' || after.item.type !== 'lock') return after
  return { ...before, item: { ...before.item, lock: after.item.lock } }
}
