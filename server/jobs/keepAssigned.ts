import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { assignWaiting, waitingForAgent } from '../inbox/assignWaiting.ts'
import type { Ringer } from '../live/bell.ts'
import { waitFor } from '../live/wait.ts'
import type { Log } from '../log.ts'

export type AssigningParts = {
  sql: Sql
  bell: Ringer
  log: Log
  /** Who is here and not away; it is asked of Redis, which may be gone for a while. */
  presentIn(workspaceId: string): Promise<ReadonlySet<string>>
  now(): Date
}

const LOOK_EVERY_MS = 2000
const RETRY_AFTER_MS = 10_000

/** Gives what waits to agents, again and again, until the signal aborts. What cannot be given now waits for the next look. */
export async function keepAssigned(parts: AssigningParts, signal: AbortSignal): Promise<void> {
  parts.log.info('assigning conversations by their rules')
  while (!signal.aborted) {
    let pauseMs = LOOK_EVERY_MS
    try {
      await assignOnce(parts)
    } catch (err) {
      parts.log.warn({ err }, 'conversations could not be assigned; trying again')
      pauseMs = RETRY_AFTER_MS
    }
    await waitFor(pauseMs, signal)
  }
  parts.log.info('no longer assigning conversations')
}

/** One look at everything that waits. Returns how many conversations changed hands. */
export async function assignOnce({ sql, bell, now, presentIn }: AssigningParts): Promise<number> {
  let assigned = 0
  for (const [workspaceId, ids] of await waitingForAgent(sql, now())) {
    const present = await presentIn(workspaceId)
    const changed = await repeatable(sql, (tx) => assignWaiting(tx, { workspaceId, ids, present }, now()))
    if (changed > 0) bell.ring('events', workspaceId)
    assigned += changed
  }
  return assigned
}
