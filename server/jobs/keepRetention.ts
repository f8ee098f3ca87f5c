import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { forgetErased } from '../inbox/erasedIds.ts'
import { forgetOldEvents } from '../inbox/forgetOldEvents.ts'
import { forgetSettledLetters } from '../inbox/forgetSettledLetters.ts'
import { forgetUploads } from '../inbox/forgetUploads.ts'
import {
  auditRetention,
  oldMessages,
  type RemovedCounts,
  type RetainingChannel,
  removeOld,
  retainingChannels,
  tooOldBefore,
} from '../inbox/retainMessages.ts'
import type { Ringer } from '../live/bell.ts'
import type { Log } from '../log.ts'

export type RetentionParts = { sql: Sql; bell: Ringer; log: Log; now(): Date }

/** Messages in one transaction: their conversations are locked meanwhile. */
const MESSAGES_AT_A_TIME = 200
const EVENTS_AT_A_TIME = 5000
const UPLOADS_AT_A_TIME = 200
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * What is done once a day: removes what channels do not keep any longer, what the log of events held, uploads that were never sent,
 * dead letters that were settled, and what was remembered of erasures. Stopped in between it goes on the next time; twice at once it does nothing twice.
 */
export async function keepRetention(parts: RetentionParts, signal: AbortSignal): Promise<void> {
  const { sql, bell, log, now } = parts
  for (const channel of await retainingChannels(sql)) {
    const before = tooOldBefore(channel, now())
    const removed = await retain(parts, channel, before, signal)
    if (removed.messages === 0) continue
    await sql.begin((tx) => auditRetention(tx, channel, before, removed))
    bell.ring('jobs')
    log.info({ channelId: channel.id, ...removed }, 'old messages removed')
  }
  let events = 0
  for (let some = EVENTS_AT_A_TIME; some > 0 && !signal.aborted; ) {
    some = await forgetOldEvents(sql, now(), EVENTS_AT_A_TIME)
    events += some
  }
  let uploads = 0
  for (let some = UPLOADS_AT_A_TIME; some === UPLOADS_AT_A_TIME && !signal.aborted; ) {
    some = await sql.begin((tx) => forgetUploads(tx, now(), UPLOADS_AT_A_TIME))
    uploads += some
  }
  if (uploads > 0) bell.ring('jobs')
  const letters = await forgetSettledLetters(sql, now())
  const forgotten = await forgetErased(sql, now())
  log.info({ events, uploads, letters, forgotten }, 'retention is kept')
  if (signal.aborted) throw new Error('There is more that is too old; going on in a moment')
}

async function retain(
  { sql, bell }: RetentionParts,
  channel: RetainingChannel,
  before: Date,
  signal: AbortSignal,
): Promise<RemovedCounts> {
  const sum = { messages: 0, files: 0, fileBytes: 0, conversations: 0 }
  for (let fromId = FIRST_ID; !signal.aborted; ) {
    const found = await oldMessages(sql, channel.id, before, { fromId, limit: MESSAGES_AT_A_TIME })
    const last = found.at(-1)
    if (!last) break
    const removed = await repeatable(sql, (tx) => removeOld(tx, channel, found))
    bell.ring('events', channel.workspaceId)
    sum.messages += removed.messages
    sum.files += removed.files
    sum.fileBytes += removed.fileBytes
    // Of the last one there may be more, and then it is counted with its rest.
    sum.conversations += removed.conversations - (found.length === MESSAGES_AT_A_TIME ? 1 : 0)
    if (found.length < MESSAGES_AT_A_TIME) break
    fromId = last.conversationId
  }
  return sum
}
