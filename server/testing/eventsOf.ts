import type { Queryable } from '../../db/client.ts'
import type { InboxEvent } from '../inbox/event.ts'
import { readEvent, type StoredEvent } from '../inbox/storedEvent.ts'

/** All events of the log so far, in order. */
export async function eventsOf(sql: Queryable): Promise<InboxEvent[]> {
  const rows = await sql<{ payload: StoredEvent }[]>`select payload from events order by events.seq`
  return rows.map((row) => readEvent(row.payload))
}
