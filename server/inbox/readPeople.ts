import type { Queryable } from '../../db/client.ts'
import type { RoleName } from './role.ts'
import type { TeamName } from './snapshot.ts'

/** Whom conversations can be given to, and who can be mentioned. */
export type People = {
  agents: { id: string; name: string; role: RoleName; teamIds: string[] }[]
  /** With the channels that each of them answers. */
  teams: (TeamName & { channelIds: string[] })[]
}

/** The members and the teams of a workspace, by name. */
export async function readPeople(sql: Queryable, workspaceId: string): Promise<People> {
  const [agents, teams] = await Promise.all([
    sql<People['agents']>`
      select a.id, a.name, m.role, array(
        select tm.team_id from team_members tm join teams t on t.id = tm.team_id
        where tm.agent_id = a.id and t.workspace_id = m.workspace_id
      ) as team_ids
      from memberships m join agents a on a.id = m.agent_id
      where m.workspace_id = ${workspaceId} and m.deactivated_at is null order by a.name, a.id`,
    sql<People['teams']>`
      select t.id, t.name, array(select ct.channel_id from channel_teams ct where ct.team_id = t.id) as channel_ids
      from teams t where t.workspace_id = ${workspaceId} order by t.name, t.id`,
  ])
  return { agents: [...agents], teams: [...teams] }
}
