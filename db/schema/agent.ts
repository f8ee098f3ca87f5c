import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, moment } from './columns.ts'
import { roles } from './role.ts'
import { workspaces } from './workspace.ts'

/** A person who signs in. better-auth calls this table `user`. */
export const agents = pgTable('agents', {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  /** Sign-in by password asks for a code of their app too. */
  twoFactorEnabled: boolean().notNull().default(false),
  createdAt: createdAt(),
  updatedAt: moment().notNull().defaultNow(),
})

/** A signed-in browser. Deleting the row signs it out everywhere, open sockets included. */
export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    token: text().notNull().unique(),
    /** What the token was until `renewed_at`: requests that were on their way with it are still answered for some seconds. */
    previousToken: text().unique(),
    renewedAt: moment(),
    expiresAt: moment().notNull(),
    /** Set: the token has to be renewed (a role changed), or the session ends at `expires_at`; then it ends at this. */
    renewsTo: moment(),
    /** The network alone, such as 203.0.113.0/24. */
    ipAddress: text(),
    userAgent: text(),
    createdAt: createdAt(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.agentId)],
)

/** A way to prove who one is: here, a password hash (argon2id). */
export const accounts = pgTable(
  'accounts',
  {
    id: id(),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    accountId: text().notNull(),
    providerId: text().notNull(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: moment(),
    refreshTokenExpiresAt: moment(),
    scope: text(),
    password: text(),
    createdAt: createdAt(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.agentId)],
)

/** One-time values of better-auth (password reset and the like). */
export const verifications = pgTable(
  'verifications',
  {
    id: id(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment().notNull(),
    createdAt: createdAt(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [index().on(table.identifier)],
)

/** What an agent is in a workspace. */
export const memberships = pgTable(
  'memberships',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    role: text({ enum: ['owner', 'administrator', 'supervisor', 'agent', 'viewer', 'custom'] }).notNull(),
    /** Which one, where `role` is `custom`. */
    roleId: uuid().references(() => roles.id),
    /** Set: they can not sign in and are offered nowhere, but can be brought back. */
    deactivatedAt: moment(),
    /** How many open conversations they take at once by themselves; null: as the rule of the channel says. */
    capacity: integer(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.agentId] }),
    index().on(table.agentId),
    check('memberships_custom_role', sql`(${table.role} = 'custom') = (${table.roleId} is not null)`),
  ],
)
