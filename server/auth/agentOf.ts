import { and, asc, eq } from 'drizzle-orm'
import type { Database } from '../../db/client.ts'
import { agents, memberships, teamMembers, teams } from '../../db/schema/index.ts'
import type { Agent } from '../inbox/agent.ts'

/**
 * The agent as the inbox knows them; null when there is no such agent or they are in no workspace.
 * An agent works in one workspace for now: the one they joined first.
 */
export async function agentOf(db: Database, agentId: string): Promise<Agent | null> {
  const [found] = await db
    .select({
      id: agents.id,
      name: agents.name,
      email: agents.email,
      workspaceId: memberships.workspaceId,
      role: memberships.role,
    })
    .from(agents)
    .innerJoin(memberships, eq(memberships.agentId, agents.id))
    .where(eq(agents.id, agentId))
    .orderBy(asc(memberships.createdAt), asc(memberships.workspaceId))
    .limit(1)
  if (!found) return null
  const rows = await db
    .select({ id: teams.id })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .where(and(eq(teamMembers.agentId, agentId), eq(teams.workspaceId, found.workspaceId)))
    .orderBy(asc(teams.id))
  return { ...found, teamIds: rows.map((row) => row.id) }
}
