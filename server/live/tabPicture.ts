import type { AgentName } from '../inbox/snapshot.ts'
import { ByScope } from './byScope.ts'
import type { OpenTab } from './liveMessage.ts'
import type { AgentState } from './presenceItem.ts'

/** What a change of tabs may have changed for those who look: conversations with their channels, and agents. */
export type Touched = { conversations: Map<string, string>; agents: Map<string, AgentName> }

type Known = OpenTab & { endsAtMs: number }

/** Who has which tab open: one process's picture of a workspace. Several tabs of an agent count as one agent. */
export class TabPicture {
  readonly #tabs = new Map<string, Known>()
  readonly #ofConversation = new ByScope()
  readonly #ofAgent = new ByScope()

  get(key: string): OpenTab | undefined {
    return this.#tabs.get(key)
  }

  put(key: string, tab: OpenTab, endsAtMs: number): Touched {
    const before = this.remove(key)
    this.#tabs.set(key, { ...tab, endsAtMs })
    if (tab.conversationId) this.#ofConversation.add(tab.conversationId, key)
    this.#ofAgent.add(tab.agent.id, key)
    return touch(tab, before)
  }

  remove(key: string): Touched {
    const tab = this.#tabs.get(key)
    if (!tab) return nothing()
    this.#tabs.delete(key)
    if (tab.conversationId) this.#ofConversation.delete(tab.conversationId, key)
    this.#ofAgent.delete(tab.agent.id, key)
    return touch(tab)
  }

  setEnd(key: string, endsAtMs: number): void {
    const tab = this.#tabs.get(key)
    if (tab) tab.endsAtMs = endsAtMs
  }

  /** The tabs whose end has come, as far as this process knows. */
  due(nowMs: number): string[] {
    return [...this.#tabs].flatMap(([key, tab]) => (tab.endsAtMs <= nowMs ? [key] : []))
  }

  keys(): string[] {
    return [...this.#tabs.keys()]
  }

  viewers(conversationId: string): AgentName[] {
    const agents = this.#ofConversation
      .keys(conversationId)
      .flatMap((key) => this.#tabs.get(key)?.agent ?? [])
    return [...new Map(agents.map((agent) => [agent.id, agent])).values()]
  }

  /** Away only when every tab of theirs is. */
  stateOf(agentId: string): AgentState {
    const tabs = this.#ofAgent.keys(agentId).flatMap((key) => this.#tabs.get(key) ?? [])
    if (tabs.length === 0) return 'offline'
    return tabs.every((tab) => tab.isAway) ? 'away' : 'online'
  }

  /** Everything that is looked at, and everybody who is there. */
  all(): Touched {
    const touched = nothing()
    for (const tab of this.#tabs.values()) touch(tab, touched)
    return touched
  }
}

const nothing = (): Touched => ({ conversations: new Map(), agents: new Map() })

function touch({ conversationId, channelId, agent }: OpenTab, touched = nothing()): Touched {
  if (conversationId && channelId) touched.conversations.set(conversationId, channelId)
  touched.agents.set(agent.id, agent)
  return touched
}
