import type { Queryable, Transaction } from '../../db/client.ts'
import { enqueueJobs } from '../../db/enqueueJobs.ts'
import { unnest } from '../../db/unnest.ts'

/** How many files went, and how many bytes they have. */
export type ReleasedFiles = { files: number; bytes: number }

/**
 * Lets go of files that nothing shows any more: their rows at once, their bytes by a job that this transaction enqueues, so that
 * a crash in between leaves neither. One that a message elsewhere still shows stays, and belongs to that conversation then.
 * Ring the bell `jobs` after the commit.
 */
export async function releaseFiles(
  tx: Transaction,
  mediaIds: readonly string[],
  { workspaceId, erasureId = null }: { workspaceId: string; erasureId?: string | null },
): Promise<ReleasedFiles> {
  if (mediaIds.length === 0) return { files: 0, bytes: 0 }
  const ids = [...new Set(mediaIds)]
  await tx`
    update media file set conversation_id = shown.conversation_id
    from (
      select distinct on (m.media_id) m.media_id, m.conversation_id from messages m
      where m.media_id = any(${ids}::uuid[]) order by m.media_id, m.id
    ) shown
    where file.id = shown.media_id`
  const removed = await tx<{ storageKey: string | null; thumbnailKey: string | null; sizeBytes: string }[]>`
    delete from media file
    where file.id = any(${ids}::uuid[]) and not exists (select 1 from messages m where m.media_id = file.id)
    returning storage_key, thumbnail_key, coalesce(size_bytes, 0)::text as size_bytes`
  const keys = removed.flatMap((row) => [row.storageKey ?? [], row.thumbnailKey ?? []].flat())
  if (keys.length > 0) {
    const rows = keys.map((storageKey) => ({ storageKey }))
    await tx`
      insert into files_to_remove (storage_key, workspace_id, erasure_id)
      select r."storageKey", ${workspaceId}, ${erasureId} from ${unnest(tx, rows, { storageKey: 'text' })}
      on conflict do nothing`
    await enqueueJobs(tx, 'media.remove', [{}])
  }
  return { files: removed.length, bytes: removed.reduce((sum, row) => sum + Number(row.sizeBytes), 0) }
}

/** Keys of files that are to be taken out of the store. */
export async function filesToRemove(sql: Queryable, limit: number): Promise<string[]> {
  const rows = await sql<{ storageKey: string }[]>`
    select storage_key from files_to_remove order by created_at, storage_key limit ${limit}`
  return rows.map((row) => row.storageKey)
}

/** They are out of the store. */
export async function forgetFiles(sql: Queryable, keys: readonly string[]): Promise<void> {
  await sql`delete from files_to_remove where storage_key = any(${[...keys]}::text[])`
}
