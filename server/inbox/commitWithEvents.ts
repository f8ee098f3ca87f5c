import type { Queryable, Transaction } from '../../db/client.ts'
import { sendLast } from '../../db/repeatable.ts'
import { unnest } from '../../db/unnest.ts'
import type { InboxEvent } from './event.ts'
import { storedEvent } from './storedEvent.ts'

/** An event before it has its number, with what decides who may see it. */
export type NewEvent = {
  workspaceId: string
  /** Null for what concerns everybody in the workspace. */
  channelId: string | null
  /** Null for what is about the channel, or the workspace. */
  conversationId: string | null
  /** The agent who answered or noted with it: what the send guard asks for. */
  authorId?: string | null
  /** Whom the conversation was taken from: who saw it only for that is told that it is gone. */
  was?: { assigneeId: string | null; teamId: string | null } | null
  event: InboxEvent
}

/**
 * Writes events to the log, in the order given: the LAST that a transaction does, inside `repeatable`. The numbers are taken
 * from the counter, whose row lock is held until commit. So the order of numbers is the order of commits, nobody ever reads
 * number 8 before 7 is there, and a transaction that rolls back leaves no gap.
 *
 * Everybody who writes in the workspace waits for that row. COMMIT therefore follows without waiting for the answer: else
 * the lock would be held for a round trip and for whatever else this process is doing.
 */
export function commitWithEvents(tx: Transaction, events: readonly NewEvent[]): void {
  if (events.length === 0) return
  const ordinals = new Map<string, number>()
  const rows = events.map(
    ({ workspaceId, channelId, conversationId, authorId = null, was = null, event }) => {
      const ordinal = (ordinals.get(workspaceId) ?? 0) + 1
      ordinals.set(workspaceId, ordinal)
      return {
        workspaceId,
        ordinal,
        type: event.type,
        channelId,
        conversationId,
        authorId,
        wasAssigneeId: was?.assigneeId ?? null,
        wasTeamId: was?.teamId ?? null,
        payload: storedEvent(event),
      }
    },
  )
  const counts = [...ordinals].map(([workspaceId, count]) => ({ workspaceId, count }))
  const insert = tx`
    with taken as (
      update event_counters c set last_seq = c.last_seq + r.count
      from ${unnest(tx, counts, { workspaceId: 'uuid', count: 'bigint' })}
      where c.workspace_id = r."workspaceId"
      returning c.workspace_id, c.last_seq - r.count as before
    )
    insert into events (workspace_id, seq, type, channel_id, conversation_id, author_id,
      was_assignee_id, was_team_id, payload)
    select r."workspaceId", taken.before + r.ordinal, r.type, r."channelId", r."conversationId", r."authorId",
      r."wasAssigneeId", r."wasTeamId", r.payload
    from ${unnest(tx, rows, {
      workspaceId: 'uuid',
      ordinal: 'bigint',
      type: 'text',
      channelId: 'uuid',
      conversationId: 'uuid',
      authorId: 'uuid',
      wasAssigneeId: 'uuid',
      wasTeamId: 'uuid',
      payload: 'json',
    })}
    left join taken on taken.workspace_id = r."workspaceId"`
  // A workspace without a counter gives no number, which the table refuses.
  sendLast(tx, insert)
}

/** The number of the newest event of the workspace, as a cursor for the feed. */
export async function lastSeq(sql: Queryable, workspaceId: string): Promise<string> {
  const [row] = await sql<{ lastSeq: string }[]>`
    select last_seq::text from event_counters where workspace_id = ${workspaceId}`
  return row?.lastSeq ?? '0'
}
