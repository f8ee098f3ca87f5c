import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { agentColumns } from './agentColumns.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { demandNewTokens } from './demandNewTokens.ts'
import { chosenRole, demandHolds, demandOwner, demandTeams, hasOwner, type RoleChoice } from './grant.ts'
import { roleOf } from './policy.ts'
import { type MemberSnapshot, readMembers } from './readMembers.ts'
import { Refusal } from './refusal.ts'
import { returnToQueue } from './returnToQueue.ts'
import { writeAudit } from './writeAudit.ts'

/** What becomes of members; what is left out stays. */
export type MemberChange = {
  role?: RoleChoice | undefined
  addTeamIds?: readonly string[] | undefined
  removeTeamIds?: readonly string[] | undefined
  isActive?: boolean | undefined
  capacity?: number | null | undefined
}

/**
 * Changes members, one or many. Who is deactivated is signed out everywhere, and what was open with them goes back to the queue.
 * Reasons: NOT_FOUND, FORBIDDEN (more than one has oneself), WRONG_STATE (the last owner, or oneself).
 */
export async function updateMembers(
  tx: Transaction,
  agent: Agent,
  { agentIds, ...change }: MemberChange & { agentIds: readonly string[] },
  now: Date,
): Promise<MemberSnapshot[]> {
  const { workspaceId } = agent
  const { role, addTeamIds = [], removeTeamIds = [], isActive, capacity } = change
  const { events } =
    isActive === false
      ? await returnToQueue(tx, workspaceId, { assigneeIds: agentIds }, agent.id)
      : { events: [] }
  const hadOwner = await hasOwner(tx, workspaceId)
  const members = await lockMembers(tx, agent, agentIds)
  if (role) demandHolds(agent, await chosenRole(tx, workspaceId, role))
  await demandTeams(tx, agent, [...addTeamIds, ...removeTeamIds])
  if (isActive === false) demandOthers(agent, agentIds)
  const before = await readMembers(tx, workspaceId, agentIds)
  const ids = members.map((member) => member.id)
  if (role) {
    const roleId = role.role === 'custom' ? role.roleId : null
    await tx`
      update memberships set role = ${role.role}, role_id = ${roleId}
      where workspace_id = ${workspaceId} and agent_id = any(${ids}::uuid[])`
  }
  if (capacity !== undefined)
    await tx`
      update memberships set capacity = ${capacity}
      where workspace_id = ${workspaceId} and agent_id = any(${ids}::uuid[])`
  if (isActive !== undefined) {
    const at = isActive ? null : now.toISOString()
    await tx`
      update memberships set deactivated_at = ${at}
      where workspace_id = ${workspaceId} and agent_id = any(${ids}::uuid[]) and (deactivated_at is null) <> ${isActive}`
  }
  if (isActive === false) await tx`delete from sessions where agent_id = any(${ids}::uuid[])`
  await tx`
    delete from team_members where agent_id = any(${ids}::uuid[]) and team_id = any(${[...removeTeamIds]}::uuid[])`
  await tx`
    insert into team_members (team_id, agent_id)
    select t.id, a.id from unnest(${[...addTeamIds]}::uuid[]) as t (id), unnest(${ids}::uuid[]) as a (id)
    on conflict do nothing`
  await demandOwner(tx, workspaceId, hadOwner)
  const after = await readMembers(tx, workspaceId, agentIds)
  const hasOtherRole = after.filter((member) => {
    const earlier = before.find((one) => one.id === member.id)
    return earlier?.role !== member.role || earlier.roleId !== member.roleId
  })
  await demandNewTokens(
    tx,
    hasOtherRole.map((member) => member.id),
    now,
  )
  for (const member of after) {
    const earlier = before.find((one) => one.id === member.id)
    if (earlier) await auditChange(tx, agent, earlier, member)
  }
  commitWithEvents(tx, [
    ...events,
    { workspaceId, channelId: null, conversationId: null, event: { type: 'people.changed' } },
  ])
  return after
}

/** The members, locked, when all of them are there and have no more than whoever changes them. */
export async function lockMembers(
  tx: Transaction,
  agent: Agent,
  agentIds: readonly string[],
): Promise<Agent[]> {
  const { workspaceId } = agent
  const members = await tx<Agent[]>`
    select ${agentColumns(tx)} from memberships m join agents a on a.id = m.agent_id
    where m.workspace_id = ${workspaceId} and m.agent_id = any(${[...agentIds]}::uuid[])
    order by m.agent_id for update of m`
  if (members.length < new Set(agentIds).size)
    throw new Refusal('NOT_FOUND', 'Somebody of them is not a member any more.')
  for (const member of members) demandHolds(agent, roleOf(member))
  return [...members]
}

/** Whoever locks themselves out by mistake can not undo it. */
export function demandOthers(agent: Agent, agentIds: readonly string[]): void {
  if (agentIds.includes(agent.id))
    throw new Refusal('WRONG_STATE', 'You can not deactivate or remove yourself. Ask a colleague who may.')
}

async function auditChange(
  tx: Transaction,
  { id: actorId, workspaceId }: Agent,
  before: MemberSnapshot,
  after: MemberSnapshot,
): Promise<void> {
  const told = ({ role, roleName, teamIds, capacity }: MemberSnapshot) => ({
    role,
    roleName,
    teamIds,
    capacity,
  })
  const agentId = after.id
  const base = { workspaceId, actorId }
  if ((before.deactivatedAt === null) !== (after.deactivatedAt === null)) {
    const action = after.deactivatedAt === null ? 'person.activated' : 'person.deactivated'
    await writeAudit(tx, { ...base, action, details: { agentId, name: after.name } })
  }
  if (Bun.deepEquals(told(before), told(after))) return
  const details = { agentId, name: after.name, before: told(before), after: told(after) }
  await writeAudit(tx, { ...base, action: 'person.changed', details })
}
