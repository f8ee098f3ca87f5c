import type postgres from 'postgres'

export type StoredMessage = { id: string; status: string; position: string; conversationId: string }

/** What the database holds of this run, read once after quiet. */
export type Stored = {
  messages: Map<string, StoredMessage>
  /** `wamid status` of every status that was kept. */
  statuses: Set<string>
  /** Marks of the bad items among the dead letters. */
  deadMarks: Set<string>
  events: { seq: number; type: string }[]
  lastSeq: number
  /** Ids of messages that have an event which says that they came. */
  addedEvents: Set<string>
  /** Messages beyond the first with the same wamid. */
  extraMessages: number
  /** Events beyond the first which say that the same message came. */
  extraEvents: number
}

/** Reads all that deliveries of this run left behind; the demo's own rows are left out. */
export async function readStored(sql: postgres.Sql, startSeq: number): Promise<Stored> {
  const rows = await sql<(StoredMessage & { wamid: string })[]>`
    select id, wamid, status, position, conversation_id as "conversationId"
    from messages where wamid like 'wamid.chaos%'`
  const statuses = await sql<{ key: string }[]>`
    select wamid || ' ' || status as key from message_statuses where wamid like 'wamid.chaos%'`
  const dead = await sql<{ mark: string | null }[]>`select item->>'mark' as mark from dead_letters`
  const events = await sql<{ seq: string; type: string; messageId: string | null }[]>`
    select e.seq::text as seq, e.type, e.payload->'message'->>'id' as "messageId"
    from events e where e.seq > ${startSeq} order by e.seq`
  const [counter] = await sql<{ last: string }[]>`select max(last_seq)::text as last from event_counters`
  const added = events.flatMap(({ type, messageId }) =>
    type === 'message.added' && messageId ? [messageId] : [],
  )
  const messages = new Map(rows.map(({ wamid, ...message }) => [wamid, message]))
  return {
    messages,
    statuses: new Set(statuses.map(({ key }) => key)),
    deadMarks: new Set(dead.flatMap(({ mark }) => (mark === null ? [] : [mark]))),
    events: events.map(({ seq, type }) => ({ seq: Number(seq), type })),
    lastSeq: Number(counter?.last ?? 0),
    addedEvents: new Set(added),
    extraMessages: rows.length - messages.size,
    extraEvents: added.length - new Set(added).size,
  }
}
