import type { Agent } from '../inbox/agent.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { PresenceItem } from './presenceItem.ts'

/** Who is here, what they look at, and who is typing. */
export type Presence = {
  join(agent: Agent, tab: { tabId: string; conversationId: string | null; isAway: boolean }): Promise<void>
  leave(agent: Agent, tabId: string): Promise<void>
  typing(agent: Agent, at: { tabId: string; conversationId: string; isTyping: boolean }): Promise<void>
  /** The agent has sent something: they are not typing any more. */
  hasSent(agent: Agent, conversationId: string): void
  /** First the present state, then what changes, until the signal aborts or the agent may not see it any more. */
  follow(subscriber: {
    agent: Agent
    sessionId: string
    tabId: string | null
    signal: AbortSignal | undefined
  }): AsyncGenerator<PresenceItem>
}

const notYet = async (): Promise<never> => {
  throw new Refusal('UNAVAILABLE', 'Presence is on its way.')
}

/** The shapes alone: what stands behind them follows in the next commits. */
export function createPresence(): Presence {
  return {
    join: notYet,
    leave: notYet,
    typing: notYet,
    hasSent: () => {},
    async *follow() {
      yield { type: 'state', locks: [], viewers: [], typing: [], agents: [] }
    },
  }
}
