import type { Agent } from '../inbox/agent.ts'
import { type Reach, reachAmong } from '../inbox/policy.ts'

/** Every conversation of these channels, for whatever a verb asks: for tests of what is done, not of who may. */
export function reachTo(channelIds: readonly string[], agentId = Bun.randomUUIDv7()): Reach<never> {
  const owner: Agent = { id: agentId, name: '', email: '', workspaceId: '', role: 'owner', teamIds: [] }
  const channels = channelIds.map((id) => {
    return { id, workspaceId: '', visibility: 'channel' as const, teamIds: [] }
  })
  // Stands in for the reach of any permission, which only a test may want.
  return reachAmong(owner, 'conversations.read' as never, channels)
}
