import { createHash } from 'node:crypto'
import type { Queryable, Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'

/**
 * WhatsApp repeats deliveries for seven days, and statuses come late. What was erased must not come back by one of them, so the
 * ids of what was erased are remembered for a while: as salted hashes, for a wamid holds the number of the customer.
 */
export type ErasedKey = string

/** A message, wherever it is named: by itself, or by a status. */
export const wamidKey = (channelId: string, wamid: string): ErasedKey => `wamid ${channelId} ${wamid}`
/** A try to send, whose wamid we may never have learned: its status brings it. */
export const attemptKey = (attemptId: string): ErasedKey => `attempt ${attemptId}`
/** News about a person rather than in a conversation, such as what they said about marketing. */
export const newsKey = (digest: string): ErasedKey => `news ${digest}`

/** Seven days of repetitions, and some for clocks and for what waited in the stream meanwhile. */
const REMEMBERED_MS = 10 * 24 * 60 * 60 * 1000

/** Remembers ids of what is erased in this transaction. */
export async function rememberErased(
  tx: Transaction,
  workspaceId: string,
  keys: readonly ErasedKey[],
  now: Date,
): Promise<void> {
  if (keys.length === 0) return
  const [workspace] = await tx<{ salt: string }[]>`
    select erasure_salt as salt from workspaces where id = ${workspaceId}`
  if (!workspace) throw new Error('Something was erased in a workspace that is not there')
  const rows = [...new Set(keys)].map((key) => ({ hash: hashOf(workspace.salt, key) }))
  const forgetAt = new Date(now.getTime() + REMEMBERED_MS).toISOString()
  await tx`
    insert into erased_ids (workspace_id, hash, forget_at)
    select ${workspaceId}, decode(r.hash, 'hex'), ${forgetAt} from ${unnest(tx, rows, { hash: 'text' })}
    on conflict (workspace_id, hash) do update set forget_at = excluded.forget_at`
}

/** Which of these are of something that was erased. `salt` null: nothing was, lately, in that workspace, and nobody is asked. */
export async function erasedAmong(
  sql: Queryable,
  keys: readonly { workspaceId: string; salt: string | null; key: ErasedKey }[],
): Promise<Set<ErasedKey>> {
  const rows = keys.flatMap(({ workspaceId, salt, key }) =>
    salt === null ? [] : [{ workspaceId, key, hash: hashOf(salt, key) }],
  )
  if (rows.length === 0) return new Set()
  const found = await sql<{ key: string }[]>`
    select r.key from ${unnest(sql, rows, { workspaceId: 'uuid', key: 'text', hash: 'text' })}
    join erased_ids e on e.workspace_id = r."workspaceId" and e.hash = decode(r.hash, 'hex')`
  return new Set(found.map((row) => row.key))
}

/** Forgets what cannot come any more. Answers with how many that were. */
export async function forgetErased(sql: Queryable, now: Date): Promise<number> {
  const forgotten = await sql`delete from erased_ids where forget_at < ${now.toISOString()}`
  return forgotten.count
}

function hashOf(salt: string, key: ErasedKey): string {
  return createHash('sha256').update(`${salt} ${key}`).digest('hex')
}
