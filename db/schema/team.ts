import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { channels } from './channel.ts'
import { createdAt, id } from './columns.ts'
import { workspaces } from './workspace.ts'

export const teams = pgTable('teams', {
  id: id(),
  workspaceId: uuid()
    .notNull()
    .references(() => workspaces.id, { onDelete: 'cascade' }),
  name: text().notNull(),
  createdAt: createdAt(),
})

export const teamMembers = pgTable(
  'team_members',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.agentId] }), index().on(table.agentId)],
)

/** Which teams answer a channel: this row is what makes its conversations visible to them. */
export const channelTeams = pgTable(
  'channel_teams',
  {
    channelId: uuid()
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.channelId, table.teamId] }), index().on(table.teamId)],
)
