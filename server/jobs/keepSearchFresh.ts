import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { indexWords } from '../inbox/indexWords.ts'
import type { Bell } from '../live/bell.ts'
import { waitFor } from '../live/wait.ts'
import type { Log } from '../log.ts'

type Parts = { sql: Sql; bell: Bell; log: Log }

/** Messages at a time: a few milliseconds of work, in which the row of the progress is all that is locked. */
const PART_SIZE = 500
/** A bell may be lost. */
const LOOK_EVERY_MS = 3000
/** Whoever searches looks for what is older than this; in a rush it makes one part of many messages. */
const GATHER_MS = 500
/** Between two parts it rests for this many times as long as the last one took: words can wait, messages and agents can not. */
const REST = 2

/** Keeps the words of all workspaces behind what happens, until the signal aborts. Any number of processes may do so. */
export async function keepSearchFresh({ sql, bell, log }: Parts, signal: AbortSignal): Promise<void> {
  log.info('the search is kept fresh')
  let isRung = false
  let wake: (() => void) | null = null
  const unlisten = bell.listen('events', () => {
    isRung = true
    wake?.()
  })
  while (!signal.aborted) {
    isRung = false
    try {
      await catchUp(sql, signal)
    } catch (err) {
      log.warn({ err }, 'the search can not be kept fresh; trying again')
    }
    await waitFor(GATHER_MS, signal)
    if (isRung) continue
    await waitFor(LOOK_EVERY_MS, signal, (end) => {
      wake = end
      return () => {
        wake = null
      }
    })
  }
  unlisten()
  log.info('the search is not kept fresh any more')
}

/** Works through all that is new, workspace by workspace, with rests. */
async function catchUp(sql: Sql, signal: AbortSignal): Promise<void> {
  const workspaces = await sql<{ workspaceId: string }[]>`select workspace_id from event_counters`
  for (const { workspaceId } of workspaces) {
    for (let hasMore = true; hasMore && !signal.aborted; ) {
      const beganMs = performance.now()
      const part = await repeatable(sql, (tx) => indexWords(tx, workspaceId, PART_SIZE))
      hasMore = part?.hasMore ?? false
      if (hasMore) await waitFor(REST * (performance.now() - beganMs), signal)
    }
  }
}
