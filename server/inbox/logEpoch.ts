import type { Queryable } from '../../db/client.ts'

/** An event by its number and the time it was written: another log may have the number, but not both. */
export type LogMark = { seq: number; writtenAtMs: number }

export type LogStanding = {
  last: number
  /** A cursor below it was given out before the log was restored. */
  epochStart: number
  /** The newest event; null when there is none, as right after a renewal. */
  newest: LogMark | null
  /** Whether the event of the mark that was asked about is not in the log any more, or another has its number. */
  isMarkLost: boolean
}

/** More numbers than any log loses in a restore, and few enough for nine million of them. */
const NUMBERS_SKIPPED = 1_000_000_000

/** Where the log of a workspace stands, and whether it is still the one that `mark` was read from. */
export async function standingOf(
  sql: Queryable,
  workspaceId: string,
  mark: LogMark | null,
): Promise<LogStanding> {
  const [row] = await sql<
    { last: string; epochStart: string; newestAt: Date | null; markedAt: Date | null }[]
  >`
    select c.last_seq::text as last, c.epoch_start::text as "epochStart",
      newest.created_at as "newestAt", marked.created_at as "markedAt"
    from event_counters c
    left join events newest on newest.workspace_id = c.workspace_id and newest.seq = c.last_seq
    left join events marked on marked.workspace_id = c.workspace_id and marked.seq = ${mark?.seq ?? 0}
    where c.workspace_id = ${workspaceId}`
  const last = Number(row?.last ?? 0)
  const epochStart = Number(row?.epochStart ?? 0)
  const newest = row?.newestAt ? { seq: last, writtenAtMs: row.newestAt.getTime() } : null
  // A number below the last one without an event: it was deleted with age, which says nothing.
  const isOther = row?.markedAt ? row.markedAt.getTime() !== mark?.writtenAtMs : false
  const isMarkLost = mark !== null && mark.seq >= epochStart && (mark.seq > last || isOther)
  return { last, epochStart, newest, isMarkLost }
}

/**
 * Lets the numbers of a restored log go on far above all that were given out before, so that none is ever given out twice: a
 * cursor of the lost log is recognised by its number alone. False when another process did it since `standing` was read.
 */
export async function renewEpoch(
  sql: Queryable,
  workspaceId: string,
  { epochStart }: LogStanding,
  lost: LogMark,
): Promise<boolean> {
  const renewed = await sql`
    update event_counters
    set last_seq = greatest(last_seq, ${lost.seq}) + ${NUMBERS_SKIPPED},
      epoch_start = greatest(last_seq, ${lost.seq}) + ${NUMBERS_SKIPPED}
    where workspace_id = ${workspaceId} and epoch_start = ${epochStart}`
  return renewed.count > 0
}

/** The same for every workspace, by the word of an operator who knows that the database was restored. */
export async function renewAllEpochs(sql: Queryable): Promise<number> {
  const renewed = await sql`
    update event_counters
    set last_seq = last_seq + ${NUMBERS_SKIPPED}, epoch_start = last_seq + ${NUMBERS_SKIPPED}`
  return renewed.count
}
