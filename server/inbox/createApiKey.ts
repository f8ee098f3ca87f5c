import type { Transaction } from '../../db/client.ts'
import type { ApiKeySnapshot, Scope } from './apiKey.ts'
import { readApiKey } from './readApiKeys.ts'
import { Refusal } from './refusal.ts'

export type NewApiKey = {
  workspaceId: string
  /** Whom it acts as: a member of the workspace. */
  agentId: string
  name: string
  scopes: readonly Scope[]
  expiresAt: Date | null
  /** Null on the command line. */
  createdById: string | null
  /** As `makeApiKey` gives them; the key itself never comes here. */
  prefix: string
  hash: string
}

/** Stores a key. @throws Refusal NOT_FOUND when nobody of that id is in the workspace */
export async function createApiKey(tx: Transaction, key: NewApiKey): Promise<ApiKeySnapshot> {
  const { workspaceId, agentId, name, scopes, expiresAt, createdById, prefix, hash } = key
  const members = await tx`
    select 1 from memberships where workspace_id = ${workspaceId} and agent_id = ${agentId}`
  if (members.length === 0) throw new Refusal('NOT_FOUND', 'There is no such agent in this workspace.')
  const id = Bun.randomUUIDv7()
  await tx`
    insert into api_keys (id, workspace_id, agent_id, name, prefix, hash, scopes, expires_at, created_by_id)
    values (${id}, ${workspaceId}, ${agentId}, ${name}, ${prefix}, ${hash}, ${[...scopes]}, ${expiresAt}, ${createdById})`
  await tx`
    insert into audit_entries (id, workspace_id, actor_id, action, details)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${createdById}, 'api_key.created', ${tx.json({ apiKeyId: id, name, agentId, scopes: [...scopes] })})`
  return readApiKey(tx, workspaceId, id)
}
