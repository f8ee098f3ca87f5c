import { index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'
import { roles } from './role.ts'
import { workspaces } from './workspace.ts'

/** A link that lets one person in, once. Only the SHA-256 of its token is kept: 256 random bits need no slow hash. */
export const invites = pgTable(
  'invites',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    hash: text().notNull().unique(),
    /** Null: whoever has the link says their own. */
    email: text(),
    role: text({ enum: ['owner', 'administrator', 'supervisor', 'agent', 'viewer', 'custom'] }).notNull(),
    roleId: uuid().references(() => roles.id, { onDelete: 'cascade' }),
    teamIds: uuid().array().notNull(),
    invitedById: uuid().references(() => agents.id, { onDelete: 'set null' }),
    expiresAt: moment().notNull(),
    acceptedAt: moment(),
    acceptedById: uuid().references(() => agents.id, { onDelete: 'set null' }),
    revokedAt: moment(),
    createdAt: createdAt(),
  },
  (table) => [index().on(table.workspaceId, table.createdAt)],
)
