import type { Queryable } from '../../db/client.ts'

/** The columns of an `Agent`, of agents `a` and their membership `m`. */
export const agentColumns = (sql: Queryable) => sql`
  a.id, a.name, a.email, m.workspace_id, m.role,
  (select json_build_object('id', r.id, 'name', r.name, 'reach', r.reach, 'permissions', r.permissions)
   from roles r where r.id = m.role_id) as custom_role,
  array(
    select t.id::text from team_members tm join teams t on t.id = tm.team_id
    where tm.agent_id = a.id and t.workspace_id = m.workspace_id order by t.id
  ) as team_ids`
