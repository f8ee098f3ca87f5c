import type { Sql } from '../../db/client.ts'
import type { Agent } from '../inbox/agent.ts'
import { agentColumns } from '../inbox/agentColumns.ts'
import { IDLE_LIFE_MS } from './session.ts'

/**
 * The agent as the inbox knows them; null when there is no such agent or they are in no workspace.
 * An agent works in one workspace for now: the one they joined first.
 */
export async function agentOf(sql: Sql, agentId: string): Promise<Agent | null> {
  const [agent] = await sql<Agent[]>`
    select ${agentColumns(sql)}
    from agents a join memberships m on m.agent_id = a.id
    where a.id = ${agentId} and m.deactivated_at is null
    order by m.created_at, m.workspace_id limit 1`
  return agent ?? null
}

/**
 * The agent of a session, as they are now; null when the session or the membership has ended. One query, since it is asked
 * with every call; the rule is that of `sessionOf`: before the session's absolute end, and used within the idle time.
 */
export async function agentOfSession(sql: Sql, sessionId: string, now = new Date()): Promise<Agent | null> {
  const [agent] = await agentsOfSessions(sql, [sessionId], now)
  return agent ?? null
}

/** {@link agentOfSession} of many sessions, in one query; in the order of the sessions. */
export async function agentsOfSessions(
  sql: Sql,
  sessionIds: readonly string[],
  now = new Date(),
): Promise<(Agent | null)[]> {
  const usedSince = new Date(now.getTime() - IDLE_LIFE_MS)
  const rows = await sql<(Agent & { sessionId: string })[]>`
    select distinct on (s.id) s.id as session_id, ${agentColumns(sql)}
    from sessions s join agents a on a.id = s.agent_id join memberships m on m.agent_id = a.id
    where s.id = any(${[...sessionIds]}::uuid[]) and s.expires_at > ${now} and s.updated_at > ${usedSince}
      and m.deactivated_at is null
    order by s.id, m.created_at, m.workspace_id`
  const agents = new Map(rows.map(({ sessionId, ...agent }) => [sessionId, agent]))
  return sessionIds.map((sessionId) => agents.get(sessionId) ?? null)
}
