import { sql } from 'drizzle-orm'
import { bigint, index, json, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt } from './columns.ts'

/**
 * The log that agents follow. `seq` is taken from `event_counters` as the last statement of the writing transaction, so
 * its order is the order of commits and it has no gaps.
 */
export const events = pgTable(
  'events',
  {
    workspaceId: uuid().notNull(),
    seq: bigint({ mode: 'bigint' }).notNull(),
    type: text().notNull(),
    /** Who may see it follows from its channel, and from whom its conversation is assigned to now. */
    channelId: uuid(),
    conversationId: uuid(),
    /** The agent who answered or noted: what the send guard asks for. Null for everything else. */
    authorId: uuid(),
    /** Whom the conversation was taken from by it: who saw it only for that is told that it is gone. Null: nobody. */
    wasAssigneeId: uuid(),
    wasTeamId: uuid(),
    /** `json`, not `jsonb`: nobody looks into it with SQL, and a batch of events is written in less than half the time. */
    payload: json().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.seq] }),
    index().using('brin', table.createdAt),
    index('events_by_author').on(table.conversationId, table.seq).where(sql`author_id is not null`),
  ],
)

/**
 * The last number given out in each workspace. A table of its own, and never the target of a foreign key: on the workspace
 * row the KEY SHARE locks of foreign keys collapsed it. `fillfactor = 50` (set in the migration) keeps its updates in place.
 */
export const eventCounters = pgTable('event_counters', {
  workspaceId: uuid().primaryKey(),
  lastSeq: bigint({ mode: 'bigint' }).notNull().default(sql`0`),
  /** Where the numbers go on since the log was last restored from a backup: a cursor below it may be of the log that was lost. */
  epochStart: bigint({ mode: 'bigint' }).notNull().default(sql`0`),
})
