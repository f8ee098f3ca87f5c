import { index, json, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id } from './columns.ts'

/** Who did what, when: only ever added to. `action` is a stable word such as `lock.taken_over`. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id(),
    workspaceId: uuid().notNull(),
    /** Null for what is not about a conversation. No foreign keys: the trail outlives what it tells of. */
    channelId: uuid(),
    conversationId: uuid(),
    actorId: uuid(),
    action: text().notNull(),
    details: json(),
    createdAt: createdAt(),
  },
  (table) => [
    index().on(table.conversationId, table.createdAt),
    index().on(table.workspaceId, table.createdAt),
  ],
)
