import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { reachOf, roleOf } from './policy.ts'
import { Refusal } from './refusal.ts'
import { BUILT_IN_ROLES, holds, isPermission, type Role, type RoleName } from './role.ts'

/** Which role somebody is to have: a built-in one, or one of the workspace's own. */
export type RoleChoice = { role: Exclude<RoleName, 'custom'> } | { role: 'custom'; roleId: string }

/** What a choice allows. Reason: NOT_FOUND for a role of another workspace. */
export async function chosenRole(sql: Queryable, workspaceId: string, choice: RoleChoice): Promise<Role> {
  if (choice.role !== 'custom') return BUILT_IN_ROLES[choice.role]
  const [row] = await sql<{ reach: Role['reach']; permissions: string[] }[]>`
    select reach, permissions from roles where id = ${choice.roleId} and workspace_id = ${workspaceId}`
  if (!row) throw new Refusal('NOT_FOUND', 'There is no such role any more.')
  return { reach: row.reach, permissions: row.permissions.filter(isPermission) }
}

/** Nobody grants, changes or takes what they do not have themselves. Reason: FORBIDDEN. */
export function demandHolds(agent: Agent, role: Role): void {
  if (holds(roleOf(agent), role)) return
  throw new Refusal(
    'FORBIDDEN',
    'This role allows more than yours, so only somebody with at least that can give or take it.',
  )
}

/**
 * Teams that somebody may put others into: of the workspace, and answering no channel that is out of their own reach. Reasons:
 * NOT_FOUND, FORBIDDEN.
 */
export async function demandTeams(sql: Queryable, agent: Agent, teamIds: readonly string[]): Promise<void> {
  if (teamIds.length === 0) return
  const teams = await sql<{ id: string; channelIds: string[] }[]>`
    select t.id, array(select ct.channel_id::text from channel_teams ct where ct.team_id = t.id) as channel_ids
    from teams t where t.workspace_id = ${agent.workspaceId} and t.id = any(${[...teamIds]}::uuid[])`
  if (teams.length < new Set(teamIds).size) throw new Refusal('NOT_FOUND', 'There is no such team any more.')
  await demandChannels(
    sql,
    agent,
    teams.flatMap((team) => team.channelIds),
  )
}

/** Channels that somebody may open to others: those within their own reach. Reason: NOT_FOUND. */
export async function demandChannels(
  sql: Queryable,
  agent: Agent,
  channelIds: readonly string[],
): Promise<void> {
  if (channelIds.length === 0) return
  const reach = await reachOf(sql, agent, 'conversations.read')
  if (channelIds.every((id) => reach.touches(id))) return
  throw new Refusal('NOT_FOUND', 'A channel is not there any more, or not yours to open to others.')
}

/** After a change of roles or members: a workspace without an owner could never have one again. Reason: WRONG_STATE. */
export async function demandOwner(sql: Queryable, workspaceId: string, hadOwner: boolean): Promise<void> {
  if (!hadOwner || (await hasOwner(sql, workspaceId))) return
  throw new Refusal('WRONG_STATE', 'This is the last owner. Make somebody else an owner first.')
}

/** Whether somebody owns the workspace. Its owners are locked: of two who leave at once one stays. */
export async function hasOwner(sql: Queryable, workspaceId: string): Promise<boolean> {
  const owners = await sql`
    select 1 from memberships
    where workspace_id = ${workspaceId} and role = 'owner' and deactivated_at is null
    order by agent_id for update`
  return owners.length > 0
}
