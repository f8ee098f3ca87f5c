import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import type { ApiKeySnapshot } from './apiKey.ts'
import { Refusal } from './refusal.ts'
import type { AgentName } from './snapshot.ts'

/** More keys than anybody reads through. */
const MOST_LISTED = 500

type KeyRow = Omit<
  ApiKeySnapshot,
  'agent' | 'createdBy' | 'createdAt' | 'expiresAt' | 'lastUsedAt' | 'revokedAt'
> & {
  agentId: string
  agentName: string
  createdById: string | null
  createdByName: string | null
  createdAt: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
}

/** The keys of a workspace, the newest first; those that ended among them, for people ask later what had access. */
export async function apiKeysOf(sql: Queryable, workspaceId: string): Promise<ApiKeySnapshot[]> {
  const rows = await sql<KeyRow[]>`
    ${columns(sql)} where k.workspace_id = ${workspaceId} order by k.id desc limit ${MOST_LISTED}`
  return rows.map(snapshotOf)
}

/** One key. @throws Refusal NOT_FOUND */
export async function readApiKey(sql: Queryable, workspaceId: string, id: string): Promise<ApiKeySnapshot> {
  const [row] = await sql<KeyRow[]>`${columns(sql)} where k.workspace_id = ${workspaceId} and k.id = ${id}`
  if (row === undefined) throw new Refusal('NOT_FOUND', 'There is no such API key.')
  return snapshotOf(row)
}

/** Whom a key can act as: everybody in the workspace, by name. */
export async function membersOf(
  sql: Queryable,
  workspaceId: string,
): Promise<(AgentName & { role: Agent['role'] })[]> {
  return [
    ...(await sql<(AgentName & { role: Agent['role'] })[]>`
      select a.id, a.name, m.role from memberships m join agents a on a.id = m.agent_id
      where m.workspace_id = ${workspaceId} and m.deactivated_at is null order by a.name, a.id`),
  ]
}

const columns = (sql: Queryable) => sql`
  select k.id, k.name, k.prefix, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.revoked_at,
         k.agent_id, a.name as agent_name, k.created_by_id, c.name as created_by_name
  from api_keys k join agents a on a.id = k.agent_id left join agents c on c.id = k.created_by_id`

function snapshotOf(row: KeyRow): ApiKeySnapshot {
  const { agentId, agentName, createdById, createdByName, ...key } = row
  return {
    ...key,
    agent: { id: agentId, name: agentName },
    createdBy: createdById === null ? null : { id: createdById, name: createdByName ?? '' },
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
  }
}
