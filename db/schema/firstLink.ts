import { pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, id } from './columns.ts'

/** The link by which the first owner comes in; one at most, printed by the process that started last. Only its SHA-256 is kept. */
export const firstLinks = pgTable('first_links', {
  id: id(),
  hash: text().notNull().unique(),
  createdAt: createdAt(),
})
