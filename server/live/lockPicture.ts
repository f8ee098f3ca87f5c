import type { AgentName } from '../inbox/snapshot.ts'
import type { LockSnapshot } from './presenceItem.ts'

export type SeenLock = {
  conversationId: string
  channelId: string
  holder: AgentName
  fence: number
  /** By the clock of this process. */
  endsAtMs: number
}

/** Who holds which lock: one process's picture of a workspace. */
export class LockPicture {
  readonly #locks = new Map<string, SeenLock>()

  get(conversationId: string): SeenLock | undefined {
    return this.#locks.get(conversationId)
  }

  put(lock: SeenLock): void {
    this.#locks.set(lock.conversationId, lock)
  }

  remove(conversationId: string): SeenLock | undefined {
    const lock = this.#locks.get(conversationId)
    this.#locks.delete(conversationId)
    return lock
  }

  /** The locks whose end has come, as far as this process knows. */
  due(nowMs: number): SeenLock[] {
    return this.all().filter((lock) => lock.endsAtMs <= nowMs)
  }

  all(): SeenLock[] {
    return [...this.#locks.values()]
  }
}

/** The lock as it goes over the wire. */
export function lockSnapshot({ conversationId, holder, fence, endsAtMs }: SeenLock): LockSnapshot {
  return { conversationId, holder, fence, expiresAt: new Date(endsAtMs).toISOString() }
}
