import type { Queryable, Transaction } from '../../db/client.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { isMember } from './invites.ts'
import { Refusal } from './refusal.ts'
import type { RoleName } from './role.ts'
import { writeAudit } from './writeAudit.ts'

type OpenInvite = {
  id: string
  workspaceId: string
  workspaceName: string
  email: string | null
  role: RoleName
  roleId: string | null
  roleName: string | null
  teamIds: string[]
  invitedBy: string | null
}

/** What the page of an invitation shows. Reason: NOT_FOUND when it was used, taken back, or is over. */
export async function readInvite(
  sql: Queryable,
  hash: string,
  now: Date,
): Promise<Pick<OpenInvite, 'workspaceName' | 'email' | 'role' | 'roleName' | 'invitedBy'>> {
  const { workspaceName, email, role, roleName, invitedBy } = await openInvite(sql, hash, now)
  return { workspaceName, email, role, roleName, invitedBy }
}

export type Accepting = {
  hash: string
  name: string
  /** Left out where the invitation names one. */
  email: string | null
  /** As `createPasswordHash` makes it. */
  passwordHash: string
}

/**
 * Lets somebody in, once: of two who use a link at the same moment one is let in. Reasons: NOT_FOUND; INPUT_INVALID without an
 * address; NAME_TAKEN.
 */
export async function acceptInvite(
  tx: Transaction,
  { hash, name, email: said, passwordHash }: Accepting,
  now: Date,
): Promise<{ email: string }> {
  await tx`select 1 from invites where hash = ${hash} for update`
  const { id, workspaceId, email: invited, role, roleId, teamIds } = await openInvite(tx, hash, now)
  const email = invited ?? said?.toLowerCase() ?? null
  if (email === null)
    throw new Refusal('INPUT_INVALID', 'Give the e-mail address that you will sign in with.')
  const agentId = await agentWith(tx, email, name, invited !== null)
  await tx`delete from accounts where agent_id = ${agentId}`
  await tx`
    insert into accounts (id, agent_id, account_id, provider_id, password)
    values (${Bun.randomUUIDv7()}, ${agentId}, ${agentId}, 'credential', ${passwordHash})`
  await tx`
    insert into memberships (workspace_id, agent_id, role, role_id) values (${workspaceId}, ${agentId}, ${role}, ${roleId})`
  await tx`
    insert into team_members (team_id, agent_id)
    select t.id, ${agentId} from teams t where t.workspace_id = ${workspaceId} and t.id = any(${teamIds}::uuid[])`
  await tx`update invites set accepted_at = ${now.toISOString()}, accepted_by_id = ${agentId} where id = ${id}`
  const details = { inviteId: id, agentId, name, role, roleId }
  await writeAudit(tx, { workspaceId, actorId: agentId, action: 'invite.accepted', details })
  commitWithEvents(tx, [
    { workspaceId, channelId: null, conversationId: null, event: { type: 'people.changed' } },
  ])
  return { email }
}

async function openInvite(sql: Queryable, hash: string, now: Date): Promise<OpenInvite> {
  const [invite] = await sql<OpenInvite[]>`
    select i.id, i.workspace_id, w.name as workspace_name, i.email, i.role, i.role_id, r.name as role_name, i.team_ids,
           a.name as invited_by
    from invites i join workspaces w on w.id = i.workspace_id
    left join roles r on r.id = i.role_id left join agents a on a.id = i.invited_by_id
    where i.hash = ${hash} and i.accepted_at is null and i.revoked_at is null and i.expires_at > ${now.toISOString()}`
  if (invite) return invite
  throw new Refusal('NOT_FOUND', 'This invitation was used, taken back, or is over. Ask for a new one.')
}

/** Somebody who left comes back as who they were, if the invitation itself names their address: nobody else claims their name. */
async function agentWith(tx: Transaction, email: string, name: string, isNamed: boolean): Promise<string> {
  const taken = new Refusal(
    'NAME_TAKEN',
    `${email} has an account here already. Sign in, or use another address.`,
  )
  const id = Bun.randomUUIDv7()
  const made = await tx`
    insert into agents (id, name, email, email_verified) values (${id}, ${name}, ${email}, ${isNamed})
    on conflict (email) do nothing`
  if (made.count > 0) return id
  if (!isNamed || (await isMember(tx, email))) throw taken
  const [known] = await tx<
    { id: string }[]
  >`update agents set name = ${name} where email = ${email} returning id`
  if (!known) throw taken
  return known.id
}
