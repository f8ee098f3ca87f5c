import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../../db/client.ts'
import type { Agent } from '../inbox/agent.ts'
import { agentColumns } from '../inbox/agentColumns.ts'
import type { Scope } from '../inbox/apiKey.ts'

/** Names the maker, so that people and scanners of leaked secrets know what they have found. */
const BRAND = 'baton_'
const RANDOM_BYTES = 32
const SHOWN_DIGITS = 8
/** Use is noted at most this often, so that a request with a key is one look-up and no write. */
const NOTE_USE_EVERY_MS = 60_000

/** A new key: shown once, kept as its hash and its first digits. */
export function makeApiKey(): { key: string; prefix: string; hash: string } {
  const key = BRAND + randomBytes(RANDOM_BYTES).toString('hex')
  return { key, prefix: key.slice(0, BRAND.length + SHOWN_DIGITS), hash: hashOfKey(key) }
}

/**
 * The name under which a key is looked up. Comparing hashes in an index tells nothing of the key by its time: whoever sends
 * a near miss gets a hash that is nowhere near.
 */
export function hashOfKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

/** The agent that a key acts as, as they are now; null when the key is unknown, revoked or expired, or the membership ended. */
export async function agentOfKey(
  sql: Sql,
  hash: string,
  now: Date,
): Promise<{ agent: Agent; scopes: readonly Scope[] } | null> {
  const [row] = await sql<(Agent & { keyId: string; scopes: Scope[]; lastUsedAt: Date | null })[]>`
    select ${agentColumns(sql)}, k.id as key_id, k.scopes, k.last_used_at
    from api_keys k
    join agents a on a.id = k.agent_id
    join memberships m on m.agent_id = a.id and m.workspace_id = k.workspace_id and m.deactivated_at is null
    where k.hash = ${hash} and k.revoked_at is null and (k.expires_at is null or k.expires_at > ${now})`
  if (row === undefined) return null
  const { keyId, scopes, lastUsedAt, ...agent } = row
  const notedBefore = new Date(now.getTime() - NOTE_USE_EVERY_MS)
  if (lastUsedAt === null || lastUsedAt <= notedBefore) {
    await sql`
      update api_keys set last_used_at = ${now}
      where id = ${keyId} and (last_used_at is null or last_used_at <= ${notedBefore})`
  }
  return { agent, scopes }
}
