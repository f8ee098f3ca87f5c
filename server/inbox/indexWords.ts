import type { Transaction } from '../../db/client.ts'
import { contactWords, messageWords, moveWords } from './wordRows.ts'

/** How far the words of a workspace are: see `search_progress`. */
type Progress = { seq: string; messagesAfter: string | null; contactsAfter: string | null }

export type IndexedPart = {
  /** How many messages and contacts were looked at. */
  looked: number
  /** There is more to do at once. */
  hasMore: boolean
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/**
 * Brings the words of a workspace further by one part of at most `size`. Null: another process is at it.
 *
 * It follows the event log, whose numbers are given out in the order of commits and without gaps: what is above the last number
 * is all that has happened since, and nothing can appear below it later. What was there before the first look, and everything
 * again should the log have been cut off above the cursor, is gone through by id. Words and cursor are written in one
 * transaction, and words are written for what the rows say now: a part that is done twice, or in another order, changes nothing.
 */
export async function indexWords(
  tx: Transaction,
  workspaceId: string,
  size: number,
): Promise<IndexedPart | null> {
  const progress = await lockProgress(tx, workspaceId)
  if (progress === null) return null
  if (progress.messagesAfter !== null || progress.contactsAfter !== null)
    return goThrough(tx, workspaceId, progress, size)
  return follow(tx, workspaceId, progress, size)
}

async function lockProgress(tx: Transaction, workspaceId: string): Promise<Progress | null> {
  const read = () => tx<Progress[]>`
    select seq::text as seq, messages_after, contacts_after from search_progress
    where workspace_id = ${workspaceId} for update skip locked`
  const [progress] = await read()
  if (progress) return progress
  // What commits from now on has a number above this one; what has committed is seen by whoever goes through the rows later.
  await tx`
    insert into search_progress (workspace_id, seq, messages_after, contacts_after)
    select workspace_id, last_seq, ${FIRST_ID}, ${FIRST_ID} from event_counters where workspace_id = ${workspaceId}
    on conflict do nothing`
  const [begun] = await read()
  return begun ?? null
}

/** The rows that were there before: first the messages, then the contacts. */
async function goThrough(
  tx: Transaction,
  workspaceId: string,
  { messagesAfter, contactsAfter }: Progress,
  size: number,
): Promise<IndexedPart> {
  if (messagesAfter !== null) {
    const rows = await tx<{ id: string }[]>`
      select id from messages where workspace_id = ${workspaceId} and id > ${messagesAfter} order by id limit ${size}`
    await messageWords(
      tx,
      rows.map((row) => row.id),
    )
    const after = rows.length < size ? null : (rows.at(-1)?.id ?? null)
    await tx`update search_progress set messages_after = ${after}, changed_at = now() where workspace_id = ${workspaceId}`
    return { looked: rows.length, hasMore: true }
  }
  const rows = await tx<{ id: string }[]>`
    select id from contacts where workspace_id = ${workspaceId} and id > ${contactsAfter} order by id limit ${size}`
  await contactWords(
    tx,
    rows.map((row) => row.id),
  )
  const after = rows.length < size ? null : (rows.at(-1)?.id ?? null)
  await tx`update search_progress set contacts_after = ${after}, changed_at = now() where workspace_id = ${workspaceId}`
  return { looked: rows.length, hasMore: true }
}

async function follow(
  tx: Transaction,
  workspaceId: string,
  { seq }: Progress,
  size: number,
): Promise<IndexedPart> {
  const events = await tx<
    { seq: string; messageId: string | null; contactId: string | null; intoId: string | null }[]
  >`
    select events.seq::text as seq, payload -> 'message' ->> 'id' as message_id,
           payload -> 'conversation' -> 'contact' ->> 'id' as contact_id,
           case when type = 'conversation.joined' then payload ->> 'into' end as into_id
    from events where workspace_id = ${workspaceId} and events.seq > ${seq}
    order by events.seq limit ${size}`
  const first = events[0]
  const last = events.at(-1)
  if (!first || !last) return { looked: 0, hasMore: false }
  if (BigInt(first.seq) !== BigInt(seq) + 1n) {
    // Older events were removed before they were read here. Nothing is lost: the rows themselves are gone through again.
    await tx`
      update search_progress p set seq = c.last_seq, messages_after = ${FIRST_ID}, contacts_after = ${FIRST_ID}, changed_at = now()
      from event_counters c where p.workspace_id = ${workspaceId} and c.workspace_id = p.workspace_id`
    return { looked: 0, hasMore: true }
  }
  const messageIds = [...new Set(events.flatMap((event) => event.messageId ?? []))]
  const contactIds = [...new Set(events.flatMap((event) => event.contactId ?? []))]
  await messageWords(tx, messageIds)
  await moveWords(tx, [...new Set(events.flatMap((event) => event.intoId ?? []))])
  await contactWords(tx, contactIds)
  await tx`update search_progress set seq = ${last.seq}, changed_at = now() where workspace_id = ${workspaceId}`
  return { looked: messageIds.length + contactIds.length, hasMore: events.length === size }
}
