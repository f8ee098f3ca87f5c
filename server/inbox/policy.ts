import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'

/**
 * The policy table: what each role may do, and with which conversations. Lists, single reads, writes and the feed all ask
 * here, so they cannot differ.
 *
 *     reach 'workspace': every channel of the workspace      reach 'team': the channels that one of their teams answers
 */
const POLICY = {
  administrator: {
    reach: 'workspace',
    mayReadRaw: true,
    mayManageDeadLetters: true,
    mayManageChannels: true,
    mayManageLabels: true,
    mayManageApiKeys: true,
  },
  agent: {
    reach: 'team',
    mayReadRaw: false,
    mayManageDeadLetters: false,
    mayManageChannels: false,
    mayManageLabels: false,
    mayManageApiKeys: false,
  },
} as const satisfies Record<Agent['role'], Permissions>

type Permissions = {
  reach: 'workspace' | 'team'
  mayReadRaw: boolean
  mayManageDeadLetters: boolean
  mayManageChannels: boolean
  mayManageLabels: boolean
  mayManageApiKeys: boolean
}

/** Whether the agent may see a message as WhatsApp delivered it. */
export function mayReadRaw(agent: Agent): boolean {
  return POLICY[agent.role].mayReadRaw
}

/** Whether the agent may see, replay and discard what could not be stored. */
export function mayManageDeadLetters(agent: Agent): boolean {
  return POLICY[agent.role].mayManageDeadLetters
}

/** Whether the agent may change the settings of channels, and start one again that has stopped. */
export function mayManageChannels(agent: Agent): boolean {
  return POLICY[agent.role].mayManageChannels
}

/** Whether the agent may make, rename and remove labels. Marking conversations with them is everybody's. */
export function mayManageLabels(agent: Agent): boolean {
  return POLICY[agent.role].mayManageLabels
}

/** Whether the agent may see, make and revoke the keys of programs. */
export function mayManageApiKeys(agent: Agent): boolean {
  return POLICY[agent.role].mayManageApiKeys
}

/**
 * The ids of the channels whose conversations the agent may see. Whatever shows or changes a conversation filters by this
 * set: as `channel_id = any(…)` in SQL, and by membership where rows are already at hand, as in the feed.
 */
export async function channelsInReach(sql: Queryable, agent: Agent): Promise<string[]> {
  const isEverywhere = POLICY[agent.role].reach === 'workspace'
  const rows = await sql<{ id: string }[]>`
    select c.id from channels c
    where c.workspace_id = ${agent.workspaceId} and (${isEverywhere} or exists (
      select 1 from channel_teams ct where ct.channel_id = c.id and ct.team_id = any(${agent.teamIds}::uuid[])
    ))`
  return rows.map((row) => row.id)
}

/** Which of these agents are members, and the channels whose conversations each of them may see. */
export async function agentsInReach(
  sql: Queryable,
  workspaceId: string,
  agentIds: readonly string[],
): Promise<{ agentId: string; name: string; channelId: string }[]> {
  if (agentIds.length === 0) return []
  const everywhere = Object.entries(POLICY).flatMap(([role, { reach }]) =>
    reach === 'workspace' ? role : [],
  )
  const rows = await sql<{ agentId: string; name: string; channelId: string }[]>`
    select m.agent_id, a.name, c.id as channel_id
    from memberships m
    join agents a on a.id = m.agent_id
    join channels c on c.workspace_id = m.workspace_id
    where m.workspace_id = ${workspaceId} and m.agent_id = any(${[...agentIds]}::uuid[])
      and (m.role = any(${everywhere}::text[]) or exists (
        select 1 from channel_teams ct join team_members tm on tm.team_id = ct.team_id
        where ct.channel_id = c.id and tm.agent_id = m.agent_id
      ))`
  return [...rows]
}

/** {@link channelsInReach} of many agents, in one query; in the order of the agents. */
export async function reachOfAgents(sql: Queryable, agents: readonly Agent[]): Promise<string[][]> {
  const workspaceIds = [...new Set(agents.map((agent) => agent.workspaceId))]
  const channels = await sql<{ id: string; workspaceId: string; teamIds: string[] }[]>`
    select c.id, c.workspace_id,
           array(select ct.team_id::text from channel_teams ct where ct.channel_id = c.id) as team_ids
    from channels c where c.workspace_id = any(${workspaceIds}::uuid[]) order by c.id`
  return agents.map((agent) => {
    const isEverywhere = POLICY[agent.role].reach === 'workspace'
    const inReach = channels.filter(
      (channel) =>
        channel.workspaceId === agent.workspaceId &&
        (isEverywhere || channel.teamIds.some((teamId) => agent.teamIds.includes(teamId))),
    )
    return inReach.map((channel) => channel.id)
  })
}
