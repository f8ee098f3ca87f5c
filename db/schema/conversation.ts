import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { channels } from './channel.ts'
import { createdAt, id, moment } from './columns.ts'
import { contacts } from './contact.ts'
import { teams } from './team.ts'

/**
 * All that was said between one contact and one channel, as WhatsApp itself shows it: one thread (docs/decisions/0002).
 * The row is the lock of its thread: whoever writes to a conversation first locks it, in order of id, FOR NO KEY UPDATE.
 */
export const conversations = pgTable(
  'conversations',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    channelId: uuid()
      .notNull()
      .references(() => channels.id),
    contactId: uuid()
      .notNull()
      .references(() => contacts.id),
    status: text({ enum: ['open', 'snoozed', 'resolved'] })
      .notNull()
      .default('open'),
    /** When a snoozed one wakes by itself. Null while it is snoozed: when the customer writes, and not before. */
    snoozedUntil: moment(),
    assigneeId: uuid().references(() => agents.id, { onDelete: 'set null' }),
    teamId: uuid().references(() => teams.id, { onDelete: 'set null' }),
    /** On the row itself, so that a snapshot of it needs no join where messages come in; names and colours are in `labels`. */
    labelIds: uuid().array().notNull().default(sql`'{}'`),
    unreadCount: integer().notNull().default(0),
    /** When somebody last had it read to the end: what came late and was stored after this is still to be seen. */
    readAt: moment(),
    lastMessageId: uuid(),
    /** The key of the newest message, '' before the first: see `server/inbox/position.ts`. */
    lastPosition: text().notNull().default(''),
    /** When the customer last wrote: opens the 24-hour service window. */
    lastInboundAt: moment(),
    /** End of the 72 hours free of charge after an ad or a page button. It does not open the service window. */
    freeEntryEndsAt: moment(),
    /** Grows with each change, so that a client never replaces a newer snapshot by an older one. */
    version: bigint({ mode: 'number' }).notNull().default(0),
    createdAt: createdAt(),
  },
  (table) => [
    unique().on(table.contactId, table.channelId),
    // One index for each status instead of one for all: a row stands in one of them, so they cost what one did, and what
    // was resolved, which is nearly everything after a year, is not walked through to list or to count what is open.
    index('conversations_open').on(table.workspaceId, table.lastPosition).where(sql`status = 'open'`),
    index('conversations_snoozed').on(table.workspaceId, table.lastPosition).where(sql`status = 'snoozed'`),
    index('conversations_resolved').on(table.workspaceId, table.lastPosition).where(sql`status = 'resolved'`),
  ],
)

/**
 * Conversations that became part of another, because their contacts were joined (docs/decisions/0020): where their addresses lead
 * to, and what still names them, such as a send that was on its way.
 */
export const joinedConversations = pgTable(
  'joined_conversations',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.conversationId)],
)
