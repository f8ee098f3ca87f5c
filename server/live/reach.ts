import type { Sql } from '../../db/client.ts'
import { together } from '../../db/together.ts'
import type { Agent } from '../inbox/agent.ts'
import { reachOfAgents } from '../inbox/policy.ts'
import { Refusal } from '../inbox/refusal.ts'

/** What agents may see, for calls that come all the time: heartbeats, presence, typing. */
export type Reach = {
  channelIdsOf(agent: Agent): Promise<string[]>
  /** The channel of a conversation. Refuses with NOT_FOUND when the agent may not see it. */
  channelOf(agent: Agent, conversationId: string): Promise<string>
}

/** A conversation never changes its channel, so that is remembered, of the newest this many. */
const MOST_REMEMBERED = 20_000

/** Asks the policy anew each time; those who ask at the same moment share one query. */
export function createReach(sql: Sql): Reach {
  const channels = new Map<string, string>()
  const channelIdsOf = together((agents: Agent[]) => reachOfAgents(sql, agents))
  const lookUp = together(async (conversationIds: string[]) => {
    const rows = await sql<{ id: string; channelId: string }[]>`
      select id, channel_id from conversations where id = any(${conversationIds}::uuid[])`
    const found = new Map(rows.map((row) => [row.id, row.channelId]))
    return conversationIds.map((id) => found.get(id) ?? null)
  })

  return {
    channelIdsOf,
    async channelOf(agent, conversationId) {
      const known = channels.get(conversationId)
      const [channelId, channelIds] = await Promise.all([
        known ?? lookUp(conversationId),
        channelIdsOf(agent),
      ])
      if (channelId === null || !channelIds.includes(channelId)) {
        throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
      }
      if (channels.size >= MOST_REMEMBERED) channels.delete(channels.keys().next().value ?? '')
      channels.set(conversationId, channelId)
      return channelId
    },
  }
}
