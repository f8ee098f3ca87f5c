import type { AgentName } from '../inbox/snapshot.ts'

/** The reply lock of one conversation, as it goes over the wire. */
export type LockSnapshot = {
  conversationId: string
  holder: AgentName
  /** Rises with each new holder: a send carries it, and one that is not current is refused. */
  fence: number
  /** When it ends unless the holder's tab says again that it is there. */
  expiresAt: string
}

/** `renewed` goes only to the tabs that have the conversation open: they alone show the seconds left. */
export type LockChange = 'acquired' | 'renewed' | 'taken_over' | 'released' | 'expired'

export type AgentState = 'online' | 'away' | 'offline'

/** What a subscriber of `live.presence` gets: first the present state, then what changes. Nothing of it is kept. */
export type PresenceItem =
  /** Replaces everything that the subscriber knew. Comes first, and again when it was too slow to be told each change. */
  | {
      type: 'state'
      locks: LockSnapshot[]
      viewers: { conversationId: string; agents: AgentName[] }[]
      typing: { conversationId: string; agents: AgentName[] }[]
      /** Who is there; everybody else is offline. */
      agents: { agent: AgentName; state: AgentState }[]
    }
  | {
      type: 'lock'
      conversationId: string
      /** Null when nobody holds it any more. */
      lock: LockSnapshot | null
      change: LockChange
      /** Who held it before a takeover, a release or the end of its time. */
      previous: AgentName | null
    }
  | { type: 'viewers'; conversationId: string; agents: AgentName[] }
  | { type: 'typing'; conversationId: string; agents: AgentName[] }
  | { type: 'agent'; agent: AgentName; state: AgentState }
  /** The draft of the previous holder, only to the one who holds the lock now. */
  | { type: 'draft'; conversationId: string; text: string; from: AgentName }
