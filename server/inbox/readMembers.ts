import type { Queryable } from '../../db/client.ts'
import type { RoleName } from './role.ts'

/** A member, as those see them who manage people. */
export type MemberSnapshot = {
  id: string
  name: string
  email: string
  role: RoleName
  roleId: string | null
  roleName: string | null
  teamIds: string[]
  /** Open conversations that are theirs. */
  openConversations: number
  capacity: number | null
  /** They sign in with a second factor or a passkey. */
  hasFactors: boolean
  /** When a browser of theirs last asked for something. */
  seenAt: string | null
  deactivatedAt: string | null
  joinedAt: string
}

type MemberRow = Omit<MemberSnapshot, 'seenAt' | 'deactivatedAt' | 'joinedAt'> &
  Record<'seenAt' | 'deactivatedAt', Date | null> & { joinedAt: Date }

/** The members of a workspace by name, those who were deactivated among them; or only these. */
export async function readMembers(
  sql: Queryable,
  workspaceId: string,
  agentIds: readonly string[] | null = null,
): Promise<MemberSnapshot[]> {
  const rows = await sql<MemberRow[]>`
    select a.id, a.name, a.email, m.role, m.role_id, r.name as role_name, m.capacity, m.deactivated_at,
           a.two_factor_enabled or exists (select 1 from passkeys p where p.agent_id = a.id) as has_factors,
           m.created_at as joined_at,
           array(
             select tm.team_id::text from team_members tm join teams t on t.id = tm.team_id
             where tm.agent_id = a.id and t.workspace_id = m.workspace_id order by t.name
           ) as team_ids,
           (select count(*)::int from conversations c
            where c.workspace_id = m.workspace_id and c.status = 'open' and c.assignee_id = a.id) as open_conversations,
           (select max(s.updated_at) from sessions s where s.agent_id = a.id) as seen_at
    from memberships m join agents a on a.id = m.agent_id left join roles r on r.id = m.role_id
    where m.workspace_id = ${workspaceId} ${agentIds ? sql`and a.id = any(${[...agentIds]}::uuid[])` : sql``}
    order by lower(a.name), a.id`
  return rows.map(({ seenAt, deactivatedAt, joinedAt, ...row }) => ({
    ...row,
    seenAt: seenAt?.toISOString() ?? null,
    deactivatedAt: deactivatedAt?.toISOString() ?? null,
    joinedAt: joinedAt.toISOString(),
  }))
}
