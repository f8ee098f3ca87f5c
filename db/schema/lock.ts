import { sql } from 'drizzle-orm'
import { bigint, pgTable, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { moment } from './columns.ts'
import { conversations } from './conversation.ts'

/**
 * The fence of each reply lock. Redis knows who holds it and for how long; this row makes the number rise for ever, also when
 * Redis was emptied, and is what a send compares its own with, in its transaction.
 */
export const conversationLocks = pgTable('conversation_locks', {
  conversationId: uuid()
    .primaryKey()
    .references(() => conversations.id, { onDelete: 'cascade' }),
  workspaceId: uuid().notNull(),
  fence: bigint({ mode: 'number' }).notNull().default(sql`0`),
  /** Who was given the fence. */
  holderId: uuid().references(() => agents.id, { onDelete: 'set null' }),
  claimedAt: moment().notNull().defaultNow(),
})
