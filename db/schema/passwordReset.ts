import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'

/** A link by which somebody sets a new password, once. Only the SHA-256 of its token is kept: 256 random bits need no slow hash. */
export const passwordResets = pgTable(
  'password_resets',
  {
    id: id(),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    hash: text().notNull().unique(),
    /** Null: they asked for it themselves, and it went to them by mail. */
    madeById: uuid().references(() => agents.id, { onDelete: 'set null' }),
    expiresAt: moment().notNull(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.agentId)],
)
