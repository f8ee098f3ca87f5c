import { boolean, integer, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { channels } from './channel.ts'
import { createdAt, id, moment } from './columns.ts'
import { teams } from './team.ts'
import { workspaces } from './workspace.ts'

/** How the conversations of a channel, or those that a team was given, find their agent. The team's rule comes first. */
export const assignmentRules = pgTable(
  'assignment_rules',
  {
    id: id(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id, { onDelete: 'cascade' }),
    /** One of the two. */
    channelId: uuid().references(() => channels.id, { onDelete: 'cascade' }),
    teamId: uuid().references(() => teams.id, { onDelete: 'cascade' }),
    method: text({ enum: ['hand', 'round_robin', 'least_busy'] }).notNull(),
    /** Open conversations that an agent takes at most; null: any number. */
    capacity: integer(),
    skipsAway: boolean().notNull().default(true),
    /** Not answered for so long, a conversation goes back to the queue; null: it stays. */
    returnAfterMinutes: integer(),
    /** Whose turn it was last. */
    lastAgentId: uuid().references(() => agents.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: moment().notNull().defaultNow(),
  },
  (table) => [unique().on(table.channelId), unique().on(table.teamId)],
)
