import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'
import { conversations } from './conversation.ts'
import { workspaces } from './workspace.ts'

/** What the team writes again and again, with places such as `{{contact.name}}`. */
export const cannedReplies = pgTable(
  'canned_replies',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    /** What is typed behind the `/`. */
    shortcut: text().notNull(),
    title: text().notNull(),
    body: text().notNull(),
    createdBy: uuid().references(() => agents.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [uniqueIndex('canned_replies_shortcut').on(table.workspaceId, sql`lower(shortcut)`)],
)

/** What an agent was writing in a conversation, for all their devices. */
export const drafts = pgTable(
  'drafts',
  {
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    workspaceId: uuid().notNull(),
    /** '' once it was sent or thrown away: the row stays, so that its version goes on rising. */
    body: text().notNull(),
    /** A private note rather than an answer: an agent may be writing both. */
    isNote: boolean().notNull().default(false),
    quotedMessageId: uuid(),
    version: integer().notNull(),
    updatedAt: moment().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.conversationId, table.agentId, table.isNote] }),
    index('drafts_of_agent').on(table.agentId, table.updatedAt).where(sql`body <> ''`),
  ],
)

/**
 * What is to be sent later. A job sends it by the same way as an agent does, and so by the same rules.
 *
 *     scheduled ──> sending ──> sent        sending ── somebody holds the lock ──> scheduled, a little later
 *         └──> cancelled  └──> refused      refused: the reason is kept, and somebody is told
 */
export const scheduledMessages = pgTable(
  'scheduled_messages',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    channelId: uuid().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    clientMessageId: uuid().notNull(),
    content: json().notNull(),
    quotedMessageId: uuid(),
    sendAt: moment().notNull(),
    state: text({ enum: ['scheduled', 'sending', 'sent', 'refused', 'cancelled'] })
      .notNull()
      .default('scheduled'),
    /** Why it was not sent: `{ reason, message }`. */
    refusal: json(),
    messageId: uuid(),
    createdAt: createdAt(),
    settledAt: moment(),
  },
  (table) => [
    unique().on(table.workspaceId, table.clientMessageId),
    index('scheduled_messages_waiting')
      .on(table.conversationId, table.sendAt)
      .where(sql`state in ('scheduled', 'sending', 'refused')`),
  ],
)
