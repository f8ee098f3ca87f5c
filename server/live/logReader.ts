import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import type { FeedItem } from '../inbox/event.ts'
import { type LogMark, type LogStanding, renewEpoch, standingOf } from '../inbox/logEpoch.ts'
import type { Held } from '../inbox/policy.ts'
import { readEvent, type StoredEvent } from '../inbox/storedEvent.ts'

/** Opens a connection that the reader may drop when it is dead. */
export type OpenReader = () => Sql

/** `item` is one for all who are sent it. */
export type LoggedEvent = {
  seq: number
  /** Null: it concerns everybody in the workspace. */
  channelId: string | null
  conversationId: string | null
  /** Whose its conversation is: not at that moment, but now, as far as this process has heard. Null: it is about none. */
  held: Held | null
  /** Whom the conversation was taken from by it. */
  was: Held | null
  item: FeedItem
  writtenAt: Date
}

type EventRow = {
  seq: string
  channelId: string | null
  conversationId: string | null
  assigneeId: string | null
  teamId: string | null
  wasAssigneeId: string | null
  wasTeamId: string | null
  payload: StoredEvent
  createdAt: Date
}

export const PAGE_SIZE = 1000
/** A page takes milliseconds. A connection that is silent for this long is dead, and says so to nobody. */
const READ_WITHIN_MS = 5000

/** Reads the log of one workspace, on a connection of its own. */
export class LogReader {
  #sql: Sql

  constructor(
    private readonly openReader: OpenReader,
    private readonly workspaceId: string,
    private readonly log: Logger,
  ) {
    this.#sql = openReader()
  }

  async lastSeq(): Promise<number> {
    const [row] = await this.#within(this.#sql<{ last: string }[]>`
      select last_seq::text as last from event_counters where workspace_id = ${this.workspaceId}`)
    return Number(row?.last ?? 0)
  }

  /** Null when the log is empty. */
  async oldestSeq(): Promise<number | null> {
    const [row] = await this.#within(this.#sql<{ oldest: string | null }[]>`
      select min(seq)::text as oldest from events where workspace_id = ${this.workspaceId}`)
    return row?.oldest ? Number(row.oldest) : null
  }

  /** The events above `seq`, a page of them at most. */
  async page(seq: number): Promise<LoggedEvent[]> {
    // `order by e.seq`: a bare `seq` would be the text of the select list, and 10 would come before 9.
    const rows = await this.#within(this.#sql<EventRow[]>`
      select e.seq::text as seq, e.channel_id, e.conversation_id, e.was_assignee_id, e.was_team_id, e.payload, e.created_at,
             c.assignee_id, c.team_id
      from events e left join conversations c on c.id = e.conversation_id
      where e.workspace_id = ${this.workspaceId} and e.seq > ${seq}
      order by e.seq limit ${PAGE_SIZE}`)
    return rows.map((row) => ({
      seq: Number(row.seq),
      channelId: row.channelId,
      conversationId: row.conversationId,
      ...heldBy(row),
      item: { seq: row.seq, type: 'event', event: readEvent(row.payload) },
      writtenAt: row.createdAt,
    }))
  }

  /** Where the log stands, seen by who has read it up to `mark`. */
  standing(mark: LogMark | null): Promise<LogStanding> {
    return this.#within(standingOf(this.#sql, this.workspaceId, mark))
  }

  /** The same, after the log was given new numbers in case that it is not the one any more that `mark` was read from. */
  async renewedStanding(mark: LogMark | null): Promise<LogStanding> {
    const standing = await this.standing(mark)
    if (!standing.isMarkLost || mark === null) return standing
    if (await this.#within(renewEpoch(this.#sql, this.workspaceId, standing, mark))) {
      this.log.warn(
        { workspaceId: this.workspaceId, lost: mark, restoredTo: standing.last },
        'the event log was restored from a backup: its numbers begin a new epoch, and every client loads again',
      )
    }
    return this.standing(null)
  }

  close(): void {
    void this.#sql.end({ timeout: 1 })
  }

  /** The result of a query, or an error and a new connection when it takes too long. */
  async #within<Result>(query: PromiseLike<Result>): Promise<Result> {
    let timer: Timer | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The database did not answer in time')), READ_WITHIN_MS)
    })
    try {
      return await Promise.race([query, late])
    } catch (error) {
      const dead = this.#sql
      this.#sql = this.openReader()
      void dead.end({ timeout: 0 })
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

function heldBy(row: EventRow): Pick<LoggedEvent, 'held' | 'was'> {
  const { channelId, conversationId, assigneeId, teamId, wasAssigneeId, wasTeamId } = row
  if (channelId === null || conversationId === null) return { held: null, was: null }
  const wasTaken = wasAssigneeId !== null || wasTeamId !== null
  return {
    held: { channelId, assigneeId, teamId },
    was: wasTaken ? { channelId, assigneeId: wasAssigneeId, teamId: wasTeamId } : null,
  }
}
