import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { demandNewTokens } from './demandNewTokens.ts'
import { demandHolds } from './grant.ts'
import { Refusal } from './refusal.ts'
import { BUILT_IN_ROLES, isPermission, type Permission, type Relation, type RoleName } from './role.ts'
import { writeAudit } from './writeAudit.ts'

/** A role, and how many have it. `id` null: a built-in one, which cannot be changed. */
export type RoleSnapshot = {
  id: string | null
  role: RoleName
  /** Of a role of the workspace's own. */
  name: string | null
  reach: Relation
  permissions: Permission[]
  members: number
}

export type RoleWish = {
  roleId?: string | undefined
  name: string
  reach: Relation
  permissions: readonly Permission[]
}

/** The built-in roles from the one that may most, then those of the workspace by name. */
export async function readRoles(sql: Queryable, workspaceId: string): Promise<RoleSnapshot[]> {
  const counts = await sql<{ role: RoleName; roleId: string | null; members: number }[]>`
    select role, role_id, count(*)::int as members from memberships where workspace_id = ${workspaceId}
    group by role, role_id`
  const own = await sql<{ id: string; name: string; reach: Relation; permissions: string[] }[]>`
    select id, name, reach, permissions from roles where workspace_id = ${workspaceId} order by lower(name), id`
  const membersOf = (role: string, roleId: string | null) =>
    counts.find((one) => one.role === role && one.roleId === roleId)?.members ?? 0
  const builtIn: Exclude<RoleName, 'custom'>[] = ['owner', 'administrator', 'supervisor', 'agent', 'viewer']
  return [
    ...builtIn.map((role) => {
      const { reach, permissions } = BUILT_IN_ROLES[role]
      return {
        id: null,
        role,
        name: null,
        reach,
        permissions: [...permissions],
        members: membersOf(role, null),
      }
    }),
    ...own.map(({ id, name, reach, permissions }) => {
      const known = permissions.filter(isPermission)
      return {
        id,
        role: 'custom' as const,
        name,
        reach,
        permissions: known,
        members: membersOf('custom', id),
      }
    }),
  ]
}

/**
 * Makes a role, or changes one for all who have it. Who may see nothing could do nothing, so every role reads. Reasons: NOT_FOUND,
 * FORBIDDEN (more than one has oneself), NAME_TAKEN.
 */
export async function saveRole(
  tx: Transaction,
  agent: Agent,
  wish: RoleWish,
  now: Date,
): Promise<RoleSnapshot> {
  const { workspaceId, id: actorId } = agent
  await lockRoles(tx, workspaceId)
  const permissions = [...new Set<Permission>(['conversations.read', ...wish.permissions])]
  demandHolds(agent, { reach: wish.reach, permissions })
  const roles = await readRoles(tx, workspaceId)
  const id = wish.roleId ?? Bun.randomUUIDv7()
  const before = roles.find((role) => role.id === id) ?? null
  if (wish.roleId && !before) throw new Refusal('NOT_FOUND', 'There is no such role any more.')
  if (before) demandHolds(agent, before)
  if (isTaken(roles, id, wish.name))
    throw new Refusal('NAME_TAKEN', `There is a role “${wish.name}” already.`)
  await tx`
    insert into roles (id, workspace_id, name, reach, permissions)
    values (${id}, ${workspaceId}, ${wish.name}, ${wish.reach}, ${permissions})
    on conflict (id) do update set name = excluded.name, reach = excluded.reach, permissions = excluded.permissions,
      updated_at = now()`
  const after = (await readRoles(tx, workspaceId)).find((role) => role.id === id)
  if (!after) throw new Error('A role was not kept')
  if (Bun.deepEquals(before, after)) return after
  if (before && !Bun.deepEquals([before.reach, before.permissions], [after.reach, after.permissions])) {
    const holders = await tx<{ agentId: string }[]>`
      select agent_id from memberships where workspace_id = ${workspaceId} and role_id = ${id}`
    await demandNewTokens(
      tx,
      holders.map(({ agentId }) => agentId),
      now,
    )
  }
  const action = before ? 'role.changed' : 'role.created'
  await writeAudit(tx, { workspaceId, actorId, action, details: { before, after } })
  tell(tx, workspaceId)
  return after
}

/** Removes a role that nobody has. Reasons: NOT_FOUND, FORBIDDEN, WRONG_STATE. */
export async function removeRole(tx: Transaction, agent: Agent, roleId: string): Promise<void> {
  const { workspaceId, id: actorId } = agent
  await lockRoles(tx, workspaceId)
  const before = (await readRoles(tx, workspaceId)).find((role) => role.id === roleId)
  if (!before) throw new Refusal('NOT_FOUND', 'There is no such role any more.')
  demandHolds(agent, before)
  if (before.members > 0)
    throw new Refusal('WRONG_STATE', 'People have this role. Give them another one first.', {
      members: before.members,
    })
  await tx`delete from roles where id = ${roleId} and workspace_id = ${workspaceId}`
  await writeAudit(tx, { workspaceId, actorId, action: 'role.removed', details: { before } })
  tell(tx, workspaceId)
}

/** Also under the name of a built-in one nobody would know which is meant. */
function isTaken(roles: readonly RoleSnapshot[], id: string, name: string): boolean {
  const word = name.toLowerCase()
  return roles.some((role) => role.id !== id && (role.name?.toLowerCase() ?? role.role) === word)
}

function tell(tx: Transaction, workspaceId: string): void {
  commitWithEvents(tx, [
    { workspaceId, channelId: null, conversationId: null, event: { type: 'people.changed' } },
  ])
}

async function lockRoles(tx: Transaction, workspaceId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`roles ${workspaceId}`}, 0))`
}
