import { pgTable } from 'drizzle-orm/pg-core'
import { createdAt, id } from './columns.ts'

/** What the link of the first owner is derived from, together with the session secret: one row at most, gone with its use. */
export const firstLinks = pgTable('first_links', { id: id(), createdAt: createdAt() })
