import type { Sql } from '../../db/client.ts'
import type { JobOf } from '../../db/jobQueues.ts'
import { repeatable } from '../../db/repeatable.ts'
import { wakeConversation } from '../inbox/wakeConversation.ts'
import type { Ringer } from '../live/bell.ts'

export type WakeParts = { sql: Sql; bell: Ringer; now(): Date }

/** The job at the end of a snooze. Twice, or after somebody opened it by hand, it does nothing. */
export async function wakeAtLast(
  { sql, bell, now }: WakeParts,
  job: JobOf['conversation.wake'],
): Promise<void> {
  const woken = await repeatable(sql, (tx) => wakeConversation(tx, job, now()))
  // The queue goes by the database's clock, which may be ahead of ours.
  if (woken === 'early') throw new Error('The snooze has not ended yet; trying again in a moment')
  if (woken) bell.ring('events', woken.workspaceId)
}
