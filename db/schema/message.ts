import { sql } from 'drizzle-orm'
import {
  boolean,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'
import { contacts } from './contact.ts'
import { conversations } from './conversation.ts'

/**
 * One bubble. `wamid` is WhatsApp's id of it; the unique index over (channel, wamid) is what makes a redelivery harmless.
 * A reaction, an edit and a revocation have wamids of their own and are rows here too, pointing to their target.
 */
export const messages = pgTable(
  'messages',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    /** That of its conversation, which is checked; another foreign key would cost every insert a look-up. */
    channelId: uuid().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    /** `note`: said among colleagues, never sent (docs/decisions/0016). */
    direction: text({ enum: ['in', 'out', 'note'] }).notNull(),
    type: text().notNull(),
    /** Of an outgoing message: the status of its newest attempt. Of an incoming one: `received`. */
    status: text().notNull(),
    /** What can be read and searched: text, caption, title of the button pressed. */
    body: text(),
    content: json().notNull(),
    /** Quoted message, forwarding, referral: what stands around the content. */
    context: json(),
    /** The item as it came, kept where we do not understand all of it. */
    raw: json(),
    error: json(),
    /** Its file, in `media`. */
    mediaId: uuid(),
    wamid: text(),
    /** The wamid of the message that a reaction, an edit or a revocation is about. */
    targetWamid: text(),
    clientMessageId: text(),
    agentId: uuid().references(() => agents.id, { onDelete: 'set null' }),
    /** In a group: which member wrote. */
    authorContactId: uuid().references(() => contacts.id),
    attempt: integer().notNull().default(0),
    /** Where it stands in the thread: see `server/inbox/position.ts`. */
    position: text().notNull(),
    sentAt: moment().notNull(),
    /** When somebody put its failure aside, or decided to leave it uncertain. */
    dismissedAt: moment(),
    dismissedBy: uuid().references(() => agents.id, { onDelete: 'set null' }),
    isLate: boolean().notNull().default(false),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('messages_channel_wamid').on(table.channelId, table.wamid).where(sql`wamid is not null`),
    uniqueIndex('messages_client_message')
      .on(table.workspaceId, table.clientMessageId)
      .where(sql`client_message_id is not null`),
    index('messages_thread').on(table.conversationId, table.position),
    index('messages_troubled')
      .on(table.workspaceId, table.position)
      .where(sql`direction = 'out' and status in ('failed', 'unknown') and dismissed_at is null`),
    index('messages_late').on(table.conversationId, table.createdAt).where(sql`is_late`),
    index('messages_media').on(table.mediaId).where(sql`media_id is not null`),
    index('messages_author').on(table.authorContactId).where(sql`author_contact_id is not null`),
    index('messages_target').on(table.channelId, table.targetWamid).where(sql`target_wamid is not null`),
  ],
)

/**
 * One try to send a message. Its id goes out in `biz_opaque_callback_data` and comes back in the statuses.
 * The ladder of `status_rank` is in `server/inbox/statusLadder.ts`; it only ever climbs.
 */
export const messageAttempts = pgTable(
  'message_attempts',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    channelId: uuid().notNull(),
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    status: text().notNull(),
    statusRank: smallint().notNull(),
    wamid: text(),
    error: json(),
    createdAt: createdAt(),
    settledAt: moment(),
  },
  (table) => [
    unique().on(table.messageId, table.number),
    uniqueIndex('message_attempts_wamid').on(table.channelId, table.wamid).where(sql`wamid is not null`),
  ],
)

/** Every status WhatsApp told us, once. One whose message we do not have yet waits here with `message_id` null. */
export const messageStatuses = pgTable(
  'message_statuses',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    channelId: uuid().notNull(),
    wamid: text().notNull(),
    status: text().notNull(),
    /** In a group each member has statuses of their own; '' in a conversation with one person. */
    participant: text().notNull().default(''),
    messageId: uuid(),
    occurredAt: moment().notNull(),
    errors: json(),
    /** Pricing, conversation and callback data, as they came. */
    details: json(),
    createdAt: createdAt(),
  },
  (table) => [
    unique().on(table.channelId, table.wamid, table.status, table.participant),
    index('message_statuses_waiting').on(table.channelId, table.wamid).where(sql`message_id is null`),
    index().on(table.messageId),
  ],
)

/** Who was mentioned in which note, and when they saw it. */
export const mentions = pgTable(
  'mentions',
  {
    messageId: uuid()
      .notNull()
      .references(() => messages.id, { onDelete: 'cascade' }),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    workspaceId: uuid().notNull(),
    conversationId: uuid()
      .notNull()
      .references(() => conversations.id),
    createdAt: createdAt(),
    readAt: moment(),
  },
  (table) => [
    primaryKey({ columns: [table.messageId, table.agentId] }),
    index().on(table.agentId, table.conversationId),
    index().on(table.conversationId),
    index('mentions_unread').on(table.agentId, table.conversationId).where(sql`read_at is null`),
  ],
)

/** The newest reaction of each person to a message, also when the message itself is not here (yet). */
export const messageReactions = pgTable(
  'message_reactions',
  {
    channelId: uuid().notNull(),
    targetWamid: text().notNull(),
    /** `contact:<id>` or `agent:<id>`; the business has one reaction on WhatsApp: `business`. */
    actor: text().notNull(),
    /** Null: taken back. */
    emoji: text(),
    position: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.channelId, table.targetWamid, table.actor] })],
)
