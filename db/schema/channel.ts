import { sql } from 'drizzle-orm'
import { index, integer, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns.ts'
import { workspaces } from './workspace.ts'

/** A WhatsApp number of the company. Deliveries are routed by `phone_number_id`, which is stable; the display number is not. */
export const channels = pgTable(
  'channels',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    phoneNumberId: text().notNull().unique(),
    displayPhoneNumber: text().notNull(),
    businessAccountId: text().notNull(),
    /** Messages a second that Meta lets this number handle, in and out together: 80, 20 when shared with the app, 1,000 when upgraded. */
    throughputPerSecond: integer().notNull().default(80),
    /** When the customer's messages get blue ticks. */
    readReceipts: text({ enum: ['when_opened', 'when_answered', 'never'] })
      .notNull()
      .default('when_opened'),
    /** Who sees its conversations: every team that answers it, or only the team or agent that each one is assigned to. */
    visibility: text({ enum: ['channel', 'assigned'] })
      .notNull()
      .default('channel'),
    /** Words that, alone in a message, end marketing to whoever wrote them. */
    stopWords: text().array().notNull().default(sql`'{STOP,UNSUBSCRIBE}'`),
    /** Messages older than so many days are removed, once a day; null: they are kept. */
    retentionDays: integer(),
    /** Set while nothing can be sent, with the error that says why (a refused token, a locked account). */
    stoppedAt: moment(),
    stopError: json(),
    /** Digest of the access token that was refused: another one starts the channel again. */
    stopTokenDigest: text(),
    /** Set when it was removed: its conversations stay, and nothing is sent any more. */
    archivedAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId), index().on(table.businessAccountId)],
)

/**
 * The tokens and secrets of a channel, each sealed for its place (`server/secrets/keyRing.ts`): the database alone opens
 * nothing. A channel without a row, or with nulls in it, goes by those of the environment.
 */
export const channelCredentials = pgTable('channel_credentials', {
  channelId: uuid()
    .primaryKey()
    .references(() => channels.id, { onDelete: 'cascade' }),
  accessToken: text(),
  appSecret: text(),
  verifyToken: text(),
  updatedAt: moment().notNull().defaultNow(),
})

/**
 * What Meta says about the channel rather than in a conversation: template, quality, account and number events, and every
 * webhook field that we do not know yet. They carry no id of their own, so the digest of the change keeps a redelivery out.
 */
export const channelEvents = pgTable(
  'channel_events',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    channelId: uuid(),
    field: text().notNull(),
    value: json().notNull(),
    digest: text().notNull(),
    occurredAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [unique().on(table.workspaceId, table.digest), index().on(table.workspaceId, table.createdAt)],
)
