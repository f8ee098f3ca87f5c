import { index, json, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns.ts'

/**
 * A message template of a WhatsApp Business account, as Meta last told us. The name repeats, once for each language. It is
 * copied here by the sync and kept fresh by webhooks; one that the sync no longer finds gets `deletedAt`.
 */
export const templates = pgTable(
  'templates',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    businessAccountId: text().notNull(),
    /** Meta's id. */
    graphId: text().notNull(),
    name: text().notNull(),
    language: text().notNull(),
    category: text().notNull(),
    /** APPROVED, PENDING, REJECTED, PAUSED, DISABLED and whatever Meta invents. */
    status: text().notNull(),
    quality: text(),
    parameterFormat: text({ enum: ['positional', 'named'] })
      .notNull()
      .default('positional'),
    /** As Meta gives them: see the shared facts §5. */
    components: json().notNull(),
    rejectedReason: text(),
    syncedAt: moment().notNull(),
    deletedAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [
    unique().on(table.workspaceId, table.businessAccountId, table.name, table.language),
    index().on(table.workspaceId, table.graphId),
  ],
)
