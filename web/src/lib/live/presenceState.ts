import type { AgentName } from '../../../../server/inbox/snapshot.ts'
import type { AgentState, LockSnapshot, PresenceItem } from '../../../../server/live/presenceItem.ts'

/** Who holds which lock, looks at what, is typing, and is there: as far as this tab was told. */
export type PresenceState = {
  locks: ReadonlyMap<string, LockSnapshot>
  viewers: ReadonlyMap<string, readonly AgentName[]>
  typing: ReadonlyMap<string, readonly AgentName[]>
  /** Who is not here is offline. */
  agents: ReadonlyMap<string, AgentState>
}

export const nobodyThere: PresenceState = {
  locks: new Map(),
  viewers: new Map(),
  typing: new Map(),
  agents: new Map(),
}

/** What is known after one more word of `live.presence`. Pure; the same word twice changes nothing more. */
export function applyPresence(state: PresenceState, item: PresenceItem): PresenceState {
  switch (item.type) {
    case 'state':
      return {
        locks: new Map(item.locks.map((lock) => [lock.conversationId, lock])),
        viewers: new Map(item.viewers.map(({ conversationId, agents }) => [conversationId, agents])),
        typing: new Map(item.typing.map(({ conversationId, agents }) => [conversationId, agents])),
        agents: new Map(item.agents.map(({ agent, state: is }) => [agent.id, is])),
      }
    case 'lock':
      return item.lock
        ? withLock(state, item.lock)
        : { ...state, locks: without(state.locks, item.conversationId) }
    case 'viewers':
      return { ...state, viewers: withPeople(state.viewers, item) }
    case 'typing':
      return { ...state, typing: withPeople(state.typing, item) }
    case 'agent':
      return { ...state, agents: new Map(state.agents).set(item.agent.id, item.state) }
    case 'draft':
      return state
  }
}

/** An answer to this tab and the word to all travel on two ways, so the higher fence wins, then the later end. */
export function withLock(state: PresenceState, lock: LockSnapshot): PresenceState {
  const held = state.locks.get(lock.conversationId)
  const isOlder =
    held && (held.fence > lock.fence || (held.fence === lock.fence && held.expiresAt >= lock.expiresAt))
  if (isOlder) return state
  return { ...state, locks: new Map(state.locks).set(lock.conversationId, lock) }
}

type People = { conversationId: string; agents: readonly AgentName[] }

function withPeople(held: ReadonlyMap<string, readonly AgentName[]>, { conversationId, agents }: People) {
  return agents.length === 0 ? without(held, conversationId) : new Map(held).set(conversationId, agents)
}

function without<T>(held: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  const next = new Map(held)
  next.delete(key)
  return next
}
