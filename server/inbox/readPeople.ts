import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { agentColumns } from './agentColumns.ts'
import { reachesOf } from './policy.ts'
import type { RoleName } from './role.ts'
import type { TeamName } from './snapshot.ts'

/** Whom conversations can be given to, and who can be mentioned. */
export type People = {
  agents: {
    id: string
    name: string
    role: RoleName
    teamIds: string[]
    /** The channels whose conversations they can answer once they are given them. */
    channelIds: string[]
  }[]
  /** With the channels that each of them answers. */
  teams: (TeamName & { channelIds: string[] })[]
}

/** The active members and the teams of a workspace, by name. */
export async function readPeople(sql: Queryable, workspaceId: string): Promise<People> {
  const [members, teams] = await Promise.all([
    sql<Agent[]>`
      select ${agentColumns(sql)} from memberships m join agents a on a.id = m.agent_id
      where m.workspace_id = ${workspaceId} and m.deactivated_at is null order by a.name, a.id`,
    sql<People['teams']>`
      select t.id, t.name, array(select ct.channel_id from channel_teams ct where ct.team_id = t.id) as channel_ids
      from teams t where t.workspace_id = ${workspaceId} order by t.name, t.id`,
  ])
  const reaches = await reachesOf(sql, members, 'conversations.reply')
  const agents = members.map(({ id, name, role, teamIds }, index) => {
    return { id, name, role, teamIds, channelIds: reaches[index]?.channelIds ?? [] }
  })
  return { agents, teams: [...teams] }
}
