import { pgTable, text } from 'drizzle-orm/pg-core'
import { createdAt, id } from './columns.ts'

/** The link by which the first owner comes in; one at most, and none once somebody works here. Only its SHA-256 is kept. */
export const firstLinks = pgTable('first_links', {
  /** What its token is derived from, together with the session secret. */
  id: id(),
  hash: text().notNull().unique(),
  createdAt: createdAt(),
})
