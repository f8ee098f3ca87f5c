import type { AgentName } from '../../../../server/inbox/snapshot.ts'
import type { AgentState, LockSnapshot, PresenceItem } from '../../../../server/live/presenceItem.ts'
import { applyPresence, nobodyThere, type PresenceState, withLock } from './presenceState.ts'

const NOBODY: readonly AgentName[] = []
/** A lock that only a refusal told of has no known fence, and its end may have been told before: it is not believed for longer. */
const HEARSAY_MS = 30_000
const NO_FENCE = 0

/** The colleagues, as they are now. Soft: it comes anew with each connection, and nothing of it is kept. */
export class Presence {
  #state = $state.raw<PresenceState>(nobodyThere)

  constructor(private readonly agentId: string) {}

  lockOf(conversationId: string): LockSnapshot | null {
    return this.#state.locks.get(conversationId) ?? null
  }

  /** The lock of a conversation when a colleague holds it. */
  othersLock(conversationId: string): LockSnapshot | null {
    const lock = this.lockOf(conversationId)
    return lock && lock.holder.id !== this.agentId ? lock : null
  }

  /** Colleagues who have the conversation open. */
  viewers(conversationId: string): readonly AgentName[] {
    return this.#others(this.#state.viewers.get(conversationId))
  }

  typing(conversationId: string): readonly AgentName[] {
    return this.#others(this.#state.typing.get(conversationId))
  }

  stateOf(agentId: string): AgentState {
    return this.#state.agents.get(agentId) ?? 'offline'
  }

  hear(item: PresenceItem) {
    this.#state = applyPresence(this.#state, item)
  }

  /** The answer to something that this tab asked. */
  learn(lock: LockSnapshot) {
    this.#state = withLock(this.#state, lock)
  }

  /** A refusal named the holder. The word to all may be on its way, or may have passed already. */
  learnHolder(conversationId: string, holder: AgentName, expiresAt: string | null) {
    const until = expiresAt ?? new Date(Date.now() + HEARSAY_MS).toISOString()
    const lock = { conversationId, holder, fence: NO_FENCE, expiresAt: until }
    this.learn(lock)
    setTimeout(() => {
      if (this.lockOf(conversationId) === lock) this.forget(conversationId)
    }, HEARSAY_MS)
  }

  /** Given back by this tab: shown at once, the word to all follows. */
  forget(conversationId: string) {
    this.hear({ type: 'lock', conversationId, lock: null, change: 'released', previous: null })
  }

  /** Without a connection nobody knows who is still typing. */
  lost() {
    this.#state = { ...this.#state, typing: new Map() }
  }

  #others(agents: readonly AgentName[] | undefined): readonly AgentName[] {
    return agents?.filter((agent) => agent.id !== this.agentId) ?? NOBODY
  }
}
