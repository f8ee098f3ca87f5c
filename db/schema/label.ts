import { sql } from 'drizzle-orm'
import { pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id } from './columns.ts'
import { workspaces } from './workspace.ts'

/** A word that conversations are marked with. Which ones have it stands on their rows: `conversations.label_ids`. */
export const labels = pgTable(
  'labels',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** A word of the palette, so that dark and light can each show it in their own way: `server/inbox/labels.ts`. */
    colour: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('labels_name').on(table.workspaceId, sql`lower(name)`)],
)
