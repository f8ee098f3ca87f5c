import type { Sql } from '../../db/client.ts'
import { filesToRemove, forgetFiles } from '../inbox/removeFiles.ts'
import type { Log } from '../log.ts'
import type { MediaStore } from '../storage/mediaStore.ts'

export type RemovingParts = { sql: Sql; store: MediaStore; log: Log }

const AT_A_TIME = 50

/**
 * Takes files out of the store whose rows are gone. Removing what is not there does nothing, so two at once do no harm, and one
 * that dies is done again. @throws what the store throws while it is away: then the job comes again
 */
export async function removeMedia({ sql, store, log }: RemovingParts, signal: AbortSignal): Promise<void> {
  let removed = 0
  while (!signal.aborted) {
    const keys = await filesToRemove(sql, AT_A_TIME)
    if (keys.length === 0) break
    await Promise.all(keys.map((key) => store.remove(key)))
    await forgetFiles(sql, keys)
    removed += keys.length
  }
  if (removed > 0) log.info({ files: removed }, 'files removed from the store')
  if (signal.aborted) throw new Error('Files are left to be removed; going on in a moment')
}
