import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'
import { workspaces } from './workspace.ts'

/**
 * A key for a program. It acts as an agent, with that agent's reach, and never with more than its scopes. Only its SHA-256 is
 * kept: the key has 256 random bits, so there is nothing to guess that a slow hash would protect.
 */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** How the key begins, so that people can tell which of theirs it is. */
    prefix: text().notNull(),
    hash: text().notNull().unique(),
    scopes: text({ enum: ['read', 'write', 'admin'] })
      .array()
      .notNull(),
    /** Null: until it is revoked. */
    expiresAt: moment(),
    /** Written at most once a minute. */
    lastUsedAt: moment(),
    /** Null for a key made on the command line. */
    createdById: uuid().references(() => agents.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    revokedAt: moment(),
    revokedById: uuid().references(() => agents.id, { onDelete: 'set null' }),
  },
  (table) => [index().on(table.workspaceId), index().on(table.agentId)],
)
