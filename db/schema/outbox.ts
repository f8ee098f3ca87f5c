import { sql } from 'drizzle-orm'
import { index, integer, json, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns.ts'
import { messages } from './message.ts'

/**
 * What has still to be told to the Graph API: one row for each message an agent sends, written in the same transaction.
 * The state machine stands above the code that moves it: `server/sender/claim.ts`.
 */
export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    channelId: uuid().notNull(),
    conversationId: uuid().notNull(),
    messageId: uuid()
      .notNull()
      .unique()
      .references(() => messages.id, { onDelete: 'cascade' }),
    state: text({ enum: ['queued', 'sending', 'sent', 'failed', 'unknown', 'cancelled'] })
      .notNull()
      .default('queued'),
    /** The order within the conversation. */
    position: text().notNull(),
    attempts: integer().notNull().default(0),
    /** How often WhatsApp has put it off since somebody asked for it: the wait grows with each. */
    retries: integer().notNull().default(0),
    attemptId: uuid(),
    /** When it may be tried; of an unknown one, when somebody is to decide. */
    dueAt: moment().notNull().defaultNow(),
    /** Why it is due later: an error that passes, as WhatsApp worded it. Null: it only waits for its turn. */
    lastError: json(),
    claimedAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [
    index('outbox_line').on(table.conversationId, table.position).where(sql`state in ('queued', 'sending')`),
    // By channel, so that a channel that waits or has stopped costs the others nothing, however long its line is.
    index('outbox_due').on(table.channelId, table.dueAt).where(sql`state = 'queued'`),
    index('outbox_claimed').on(table.claimedAt).where(sql`state = 'sending'`),
  ],
)
