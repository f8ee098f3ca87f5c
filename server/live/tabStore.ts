import type { Redis } from 'ioredis'
import { liveChannel, tabEndsKey, tabsKey } from './liveKeys.ts'
import { type OpenTab, openTab } from './liveMessage.ts'
import { loadScript } from './redisScript.ts'

/** An open tab, as Redis has it. */
export type ListedTab = { key: string; tab: OpenTab; leftMs: number }

/** Tabs are told apart by their agent too: nobody can speak for the tab of another. */
export const tabKey = (agentId: string, tabId: string) => `${agentId} ${tabId}`

/** The open tabs of workspaces. Each call is one round trip. */
export type TabStore = ReturnType<typeof createTabStore>

export function createTabStore(redis: Redis) {
  const joinTab = loadScript(redis, 'joinTab')
  const endTab = loadScript(redis, 'endTab')
  const readTabs = loadScript(redis, 'readTabs')
  const keysOf = (workspaceId: string) => [tabsKey(workspaceId), tabEndsKey(workspaceId)]

  return {
    async join(workspaceId: string, key: string, tab: OpenTab, ttlMs: number): Promise<void> {
      await joinTab(keysOf(workspaceId), [key, JSON.stringify(tab), ttlMs, liveChannel(workspaceId)])
    },

    /** Sets how long the tab has left; 0 takes it away. A tab that is not there stays away. */
    async end(workspaceId: string, key: string, leftMs: number): Promise<void> {
      await endTab(keysOf(workspaceId), [key, leftMs, liveChannel(workspaceId)])
    },

    /** These tabs as far as they are open; all of them when none is named. */
    async read(workspaceId: string, keys: readonly string[] = []): Promise<ListedTab[]> {
      const said = await readTabs(keysOf(workspaceId), keys)
      return (Array.isArray(said) ? said : []).flatMap((entry: unknown) => {
        const [key, shows, leftMs] = Array.isArray(entry) ? entry.map(String) : []
        const tab = openTab.safeParse(JSON.parse(shows ?? 'null')).data
        return key && tab ? [{ key, tab, leftMs: Number(leftMs) }] : []
      })
    },
  }
}
