import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { chosenRole, demandHolds, demandTeams, type RoleChoice } from './grant.ts'
import { Refusal } from './refusal.ts'
import type { RoleName } from './role.ts'
import type { AgentName } from './snapshot.ts'
import { writeAudit } from './writeAudit.ts'

/** A link that was given to somebody and not used yet. The link itself is known only to them. */
export type InviteSnapshot = {
  id: string
  /** Null: whoever has the link says their own address. */
  email: string | null
  role: RoleName
  roleId: string | null
  teamIds: string[]
  invitedBy: AgentName | null
  expiresAt: string
  createdAt: string
}

type InviteRow = Omit<InviteSnapshot, 'expiresAt' | 'createdAt'> & { expiresAt: Date; createdAt: Date }

const INVITE_MS = 7 * 24 * 60 * 60 * 1000

const selectInvites = (sql: Queryable) => sql`
  select i.id, i.email, i.role, i.role_id, i.team_ids, i.expires_at, i.created_at,
         case when a.id is null then null else json_build_object('id', a.id, 'name', a.name) end as invited_by
  from invites i left join agents a on a.id = i.invited_by_id`

const snapshot = ({ expiresAt, createdAt, ...row }: InviteRow): InviteSnapshot => ({
  ...row,
  expiresAt: expiresAt.toISOString(),
  createdAt: createdAt.toISOString(),
})

/** The invitations that can still be accepted, newest first. */
export async function openInvites(sql: Queryable, workspaceId: string, now: Date): Promise<InviteSnapshot[]> {
  const rows = await sql<InviteRow[]>`
    ${selectInvites(sql)}
    where i.workspace_id = ${workspaceId} and i.accepted_at is null and i.revoked_at is null and i.expires_at > ${now}
    order by i.created_at desc, i.id desc`
  return rows.map(snapshot)
}

export type Invitation = { email: string | null; role: RoleChoice; teamIds: readonly string[]; hash: string }

/** Makes an invitation for seven days. Reasons: NOT_FOUND, FORBIDDEN, NAME_TAKEN for somebody who is a member already. */
export async function invite(
  tx: Transaction,
  agent: Agent,
  { email, role, teamIds, hash }: Invitation,
  now: Date,
): Promise<InviteSnapshot> {
  const { workspaceId, id: invitedById } = agent
  demandHolds(agent, await chosenRole(tx, workspaceId, role))
  await demandTeams(tx, agent, teamIds)
  const address = email?.toLowerCase() ?? null
  if (address !== null && (await isMember(tx, address)))
    throw new Refusal('NAME_TAKEN', `${address} has an account here already.`)
  const id = Bun.randomUUIDv7()
  const roleId = role.role === 'custom' ? role.roleId : null
  await tx`
    insert into invites (id, workspace_id, hash, email, role, role_id, team_ids, invited_by_id, expires_at, created_at)
    values (${id}, ${workspaceId}, ${hash}, ${address}, ${role.role}, ${roleId}, ${[...teamIds]}::uuid[], ${invitedById},
      ${new Date(now.getTime() + INVITE_MS).toISOString()}, ${now.toISOString()})`
  const details = { inviteId: id, email: address, role: role.role, roleId, teamIds }
  await writeAudit(tx, { workspaceId, actorId: invitedById, action: 'person.invited', details })
  const [row] = await tx<InviteRow[]>`${selectInvites(tx)} where i.id = ${id}`
  if (!row) throw new Error('An invitation was not kept')
  return snapshot(row)
}

/** Takes an invitation back: its link opens nothing any more. Reason: NOT_FOUND. */
export async function revokeInvite(
  tx: Transaction,
  agent: Agent,
  inviteId: string,
  now: Date,
): Promise<void> {
  const { workspaceId, id: actorId } = agent
  const revoked = await tx`
    update invites set revoked_at = ${now.toISOString()}
    where id = ${inviteId} and workspace_id = ${workspaceId} and accepted_at is null and revoked_at is null`
  if (revoked.count === 0) throw new Refusal('NOT_FOUND', 'This invitation was used or taken back already.')
  await writeAudit(tx, { workspaceId, actorId, action: 'invite.revoked', details: { inviteId } })
}

/** Whether somebody with this address can sign in somewhere. */
export async function isMember(sql: Queryable, email: string): Promise<boolean> {
  const found = await sql`
    select 1 from agents a join memberships m on m.agent_id = a.id where a.email = ${email}`
  return found.length > 0
}
