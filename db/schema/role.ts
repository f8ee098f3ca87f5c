import { sql } from 'drizzle-orm'
import { pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns.ts'
import { workspaces } from './workspace.ts'

/** A role that a workspace made for itself, of the permissions and relations in `server/inbox/role.ts`. */
export const roles = pgTable(
  'roles',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    reach: text({ enum: ['own', 'team', 'channel', 'workspace'] }).notNull(),
    permissions: text().array().notNull(),
    createdAt: createdAt(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [uniqueIndex('roles_name').on(table.workspaceId, sql`lower(${table.name})`)],
)
