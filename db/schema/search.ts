import { bigint, customType, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.ts'
import { contacts } from './contact.ts'
import { messages } from './message.ts'
import { workspaces } from './workspace.ts'

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' })

/**
 * The words of messages and notes. Filled behind ingestion, never in its transactions: `server/jobs/keepSearchFresh.ts`, and
 * docs/decisions/0017 says why. One row for each message that has words.
 */
export const messageWords = pgTable(
  'message_words',
  {
    messageId: uuid()
      .primaryKey()
      .references(() => messages.id, { onDelete: 'cascade' }),
    workspaceId: uuid().notNull(),
    channelId: uuid().notNull(),
    conversationId: uuid().notNull(),
    direction: text({ enum: ['in', 'out', 'note'] }).notNull(),
    position: text().notNull(),
    words: tsvector().notNull(),
  },
  (table) => [index('message_words_gin').using('gin', table.words)],
)

/** The words by which a contact is found: names, and the phone number from each of its digits on. */
export const contactWords = pgTable(
  'contact_words',
  {
    contactId: uuid()
      .primaryKey()
      .references(() => contacts.id, { onDelete: 'cascade' }),
    workspaceId: uuid().notNull(),
    words: tsvector().notNull(),
  },
  (table) => [index('contact_words_gin').using('gin', table.words)],
)

/** How far the words of a workspace are. The row is also the lock: whoever holds it does the next part. */
export const searchProgress = pgTable('search_progress', {
  workspaceId: uuid()
    .primaryKey()
    .references(() => workspaces.id, { onDelete: 'cascade' }),
  /** All events up to this one are in. */
  seq: bigint({ mode: 'bigint' }).notNull(),
  /** What was there before the first look is gone through once, by id; null: that is done. */
  messagesAfter: uuid(),
  contactsAfter: uuid(),
  changedAt: moment().notNull().defaultNow(),
})
