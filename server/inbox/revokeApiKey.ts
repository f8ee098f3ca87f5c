import type { Transaction } from '../../db/client.ts'
import type { ApiKeySnapshot } from './apiKey.ts'
import { readApiKey } from './readApiKeys.ts'

/**
 * Ends a key for good: its next call is refused, its streams end. Revoking it again changes nothing.
 * @throws Refusal NOT_FOUND
 */
export async function revokeApiKey(
  tx: Transaction,
  { workspaceId, id, revokedById, now }: { workspaceId: string; id: string; revokedById: string; now: Date },
): Promise<ApiKeySnapshot> {
  const revoked = await tx<{ name: string }[]>`
    update api_keys set revoked_at = ${now}, revoked_by_id = ${revokedById}
    where id = ${id} and workspace_id = ${workspaceId} and revoked_at is null
    returning name`
  for (const { name } of revoked) {
    await tx`
      insert into audit_entries (id, workspace_id, actor_id, action, details)
      values (${Bun.randomUUIDv7()}, ${workspaceId}, ${revokedById}, 'api_key.revoked', ${tx.json({ apiKeyId: id, name })})`
  }
  return readApiKey(tx, workspaceId, id)
}
