import { boolean, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id } from './columns.ts'

/** A company: everything below carries its id. */
export const workspaces = pgTable('workspaces', {
  id: id(),
  name: text().notNull(),
  isDemo: boolean().notNull().default(false),
  /** What ids of erased messages are hashed with (`erased_ids`). */
  erasureSalt: uuid().notNull().defaultRandom(),
  createdAt: createdAt(),
})
