import type { Agent } from '../inbox/agent.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { LockSnapshot } from './presenceItem.ts'

/** A tab of an agent, at a conversation. */
export type TabAt = { conversationId: string; tabId: string }

/** The reply locks of conversations. Every method refuses with NOT_FOUND what is out of the agent's reach. */
export type Locks = {
  acquire(agent: Agent, at: TabAt): Promise<LockSnapshot>
  takeover(agent: Agent, at: TabAt): Promise<LockSnapshot>
  /** `fence` null: whichever the agent holds. */
  heartbeat(agent: Agent, at: TabAt & { fence: number | null }): Promise<LockSnapshot>
  release(agent: Agent, at: TabAt & { fence: number | null }): Promise<void>
  /** The tab is closing or reloading: it keeps the lock for three more seconds. */
  leave(agent: Agent, at: TabAt): Promise<void>
  handOver(agent: Agent, draft: { conversationId: string; text: string }): Promise<void>
  list(agent: Agent): Promise<LockSnapshot[]>
}

const notYet = async (): Promise<never> => {
  throw new Refusal('UNAVAILABLE', 'Reply locks are on their way.')
}

/** The shapes alone: what stands behind them follows in the next commits. */
export function createLocks(): Locks {
  return {
    acquire: notYet,
    takeover: notYet,
    heartbeat: notYet,
    release: notYet,
    leave: notYet,
    handOver: notYet,
    list: notYet,
  }
}
