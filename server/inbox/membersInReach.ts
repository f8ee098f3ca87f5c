import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { agentColumns } from './agentColumns.ts'
import { type Reach, reachesOf } from './policy.ts'
import type { Permission } from './role.ts'

/** A member, and the conversations for which they have a permission. */
export type MemberInReach<P extends Permission> = { agentId: string; name: string; reach: Reach<P> }

/** Which of these agents are active members of the workspace, each with their reach for a permission. Two statements. */
export async function membersInReach<P extends Permission>(
  sql: Queryable,
  workspaceId: string,
  agentIds: readonly string[],
  permission: P,
): Promise<MemberInReach<P>[]> {
  if (agentIds.length === 0) return []
  const members = await sql<Agent[]>`
    select ${agentColumns(sql)} from agents a join memberships m on m.agent_id = a.id
    where m.workspace_id = ${workspaceId} and m.deactivated_at is null and a.id = any(${[...agentIds]}::uuid[])`
  const reaches = await reachesOf(sql, members, permission)
  return members.flatMap(({ id: agentId, name }, index) => {
    const reach = reaches[index]
    return reach ? [{ agentId, name, reach }] : []
  })
}
