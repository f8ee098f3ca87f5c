import { index, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
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
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId), index().on(table.businessAccountId)],
)

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
