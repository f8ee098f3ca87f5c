import type { Queryable } from '../../db/client.ts'
import type { Json } from '../whatsapp/content.ts'

export type DeadLetterSnapshot = {
  id: string
  streamId: string
  /** Where it stood in the delivery; '' for the body as a whole. */
  path: string
  reason: string
  detail: string | null
  /** The part that could not be stored; null when not even that could be read, or when it is too long to list. */
  item: Json
  /** The body as it came, or its beginning: see `rawSize`, in bytes. */
  raw: string
  rawSize: number
  createdAt: string
  resolvedAt: string | null
  resolution: 'replayed' | 'discarded' | null
  resolutionNote: string | null
  resolvedBy: string | null
}

/** A delivery may have 3 MB; a page of fifty of them would stop a browser. */
const LONGEST_SHOWN = 20_000

type DeadLetterRow = Omit<DeadLetterSnapshot, 'createdAt' | 'resolvedAt'> & {
  createdAt: Date
  resolvedAt: Date | null
}

export type LetterBox = {
  workspaceId: string
  /** Letters of no workspace: nobody can tell whose they are, so they are shown where there is only one. */
  hasStrays: boolean
}

/** The letters that belong to a workspace. */
export const belongsTo = (sql: Queryable, box: LetterBox) =>
  sql`(l.workspace_id = ${box.workspaceId} or (l.workspace_id is null and ${box.hasStrays}))`

/** The letter box of a workspace. */
export async function letterBoxOf(sql: Queryable, workspaceId: string): Promise<LetterBox> {
  const rows = await sql`select 1 from workspaces limit 2`
  return { workspaceId, hasStrays: rows.length === 1 }
}

/** A page of letters, newest first, either those that wait for somebody or those that were resolved. */
export async function deadLetterPage(
  sql: Queryable,
  box: LetterBox,
  { isResolved, before, limit }: { isResolved: boolean; before?: string | undefined; limit: number },
): Promise<{ letters: DeadLetterSnapshot[]; hasMore: boolean; waiting: number }> {
  const rows = await sql<DeadLetterRow[]>`
    select l.id, l.stream_id, l.path, l.reason, l.detail, left(l.raw, ${LONGEST_SHOWN}) as raw,
           octet_length(l.raw) as raw_size,
           case when length(l.item::text) <= ${LONGEST_SHOWN} then l.item end as item, l.created_at, l.resolved_at, l.resolution,
           l.resolution_note, a.name as resolved_by
    from dead_letters l left join agents a on a.id = l.resolved_by
    where ${belongsTo(sql, box)} and (l.resolved_at is not null) = ${isResolved}
      ${before ? sql`and l.id < ${before}` : sql``}
    order by l.id desc
    limit ${limit + 1}`
  const waiting = await countWaitingLetters(sql, box)
  const letters = rows.slice(0, limit).map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    resolvedAt: row.resolvedAt?.toISOString() ?? null,
  }))
  return { letters, hasMore: rows.length > limit, waiting }
}

/** How many letters wait for somebody. */
export async function countWaitingLetters(sql: Queryable, box: LetterBox): Promise<number> {
  const [count] = await sql<{ waiting: number }[]>`
    select count(*)::int as waiting from dead_letters l where ${belongsTo(sql, box)} and l.resolved_at is null`
  return count?.waiting ?? 0
}

/** The ids of letters that wait, oldest first, so that a replay keeps the order in which they came. */
export async function waitingLetterIds(
  sql: Queryable,
  box: LetterBox,
  which: { reason?: string | undefined; after?: string | undefined } = {},
): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    select l.id from dead_letters l
    where ${belongsTo(sql, box)} and l.resolved_at is null
      ${which.reason === undefined ? sql`` : sql`and l.reason = ${which.reason}`}
      ${which.after === undefined ? sql`` : sql`and l.id > ${which.after}`}
    order by l.id`
  return rows.map((row) => row.id)
}
