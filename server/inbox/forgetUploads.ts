import type { Transaction } from '../../db/client.ts'
import { releaseFiles } from './removeFiles.ts'

/** As long as WhatsApp keeps what is uploaded to it; a message that waits on a device for longer says that its file is gone. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000

/** Lets go of up to `limit` files that were uploaded and never sent. Answers with how many were looked at: ring `jobs` after the commit. */
export async function forgetUploads(tx: Transaction, now: Date, limit: number): Promise<number> {
  const before = new Date(now.getTime() - KEPT_MS).toISOString()
  // Locked, so that one which is being sent in this moment is left alone.
  const unsent = await tx<{ id: string; workspaceId: string }[]>`
    select id, workspace_id from media
    where conversation_id is null and direction = 'out' and created_at < ${before}
    order by created_at limit ${limit} for update skip locked`
  const byWorkspace = Map.groupBy(unsent, ({ workspaceId }) => workspaceId)
  for (const [workspaceId, files] of byWorkspace) {
    await releaseFiles(
      tx,
      files.map(({ id }) => id),
      { workspaceId },
    )
  }
  return unsent.length
}
