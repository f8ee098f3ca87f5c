import type { Sql } from '../../db/client.ts'
import { together } from '../../db/together.ts'
import type { Agent } from '../inbox/agent.ts'
import { demand, type Held, type Reach, reachesOf } from '../inbox/policy.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { Permission } from '../inbox/role.ts'

/** What agents may see and do, for what happens all the time: heartbeats, presence, typing. */
export type LiveReach = {
  of(agent: Agent, permission: Permission): Promise<Reach>
  /**
   * The channel of a conversation. Refuses with FORBIDDEN what the agent's role does not allow, and with NOT_FOUND a conversation
   * out of reach. One that was there a while ago and was erased since may still be answered: who stores something finds out.
   */
  channelOf(agent: Agent, conversationId: string, permission: Permission): Promise<string>
  /** Which of these conversations are within a reach that was given out a moment ago. */
  within(reach: Reach, places: readonly Place[]): Promise<boolean[]>
}

/** A conversation and its channel, which never changes; whose it is does. */
type Place = { conversationId: string; channelId: string }

/** Whose a conversation is may be remembered for so long where many subscribers ask for the same. */
const REMEMBERED_MS = 300
const MOST_REMEMBERED = 5000
/** Channels of conversations never change: some 3 MB of them. */
const MOST_CHANNELS = 20_000

/**
 * Asks the policy anew each time; those who ask at the same moment share one query. Whose a conversation is is asked only where
 * that decides.
 */
export function createLiveReach(sql: Sql): LiveReach {
  const readers = new Map<Permission, (agent: Agent) => Promise<Reach>>()
  const of = (agent: Agent, permission: Permission) => {
    const reader =
      readers.get(permission) ?? together((agents: Agent[]) => reachesOf(sql, agents, permission))
    readers.set(permission, reader)
    return reader(agent)
  }
  const heldOf = together(async (conversationIds: string[]) => {
    const rows = await sql<(Held & { id: string })[]>`
      select id, channel_id, assignee_id, team_id from conversations where id = any(${conversationIds}::uuid[])`
    const found = new Map(rows.map(({ id, ...held }) => [id, held]))
    return conversationIds.map((id) => found.get(id) ?? null)
  })
  const lately = remembered(heldOf)
  const channels = new Map<string, string>()

  return {
    of,
    async channelOf(agent, conversationId, permission) {
      demand(agent, permission)
      const known = channels.get(conversationId)
      if (known !== undefined && (await of(agent, permission)).isWhole(known)) return known
      const [held, reach] = await Promise.all([heldOf(conversationId), of(agent, permission)])
      if (held === null || !reach.covers(held)) {
        throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
      }
      if (channels.size >= MOST_CHANNELS) channels.clear()
      channels.set(conversationId, held.channelId)
      return held.channelId
    },
    within: (reach, places) =>
      Promise.all(
        places.map(async ({ conversationId, channelId }) => {
          if (reach.isWhole(channelId) || !reach.touches(channelId)) return reach.isWhole(channelId)
          const held = await lately(conversationId)
          return held !== null && reach.covers(held)
        }),
      ),
  }
}

function remembered<Answer>(load: (key: string) => Promise<Answer>): (key: string) => Promise<Answer> {
  const answers = new Map<string, { atMs: number; answer: Promise<Answer> }>()
  return (key) => {
    const known = answers.get(key)
    if (known && performance.now() - known.atMs < REMEMBERED_MS) return known.answer
    if (answers.size >= MOST_REMEMBERED) answers.clear()
    const answer = load(key)
    answers.set(key, { atMs: performance.now(), answer })
    return answer
  }
}
