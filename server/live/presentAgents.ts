import type { TabStore } from './tabStore.ts'

/** The agents of a workspace who have the inbox open and are not away. @throws Refusal UNAVAILABLE when Redis is away */
export function presentAgents(tabStore: TabStore): (workspaceId: string) => Promise<ReadonlySet<string>> {
  return async (workspaceId) => {
    const tabs = await tabStore.read(workspaceId)
    return new Set(tabs.filter(({ tab }) => !tab.isAway).map(({ tab }) => tab.agent.id))
  }
}
