import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { Refusal } from './refusal.ts'
import { writeAudit } from './writeAudit.ts'

/** A browser in which somebody is signed in. */
export type SessionRow = {
  id: string
  userAgent: string | null
  /** Such as 203.0.113.0/24: no more of the address is kept. */
  network: string | null
  createdAt: Date
  /** To five minutes. */
  seenAt: Date
}

/** The sessions of an agent that hold, the one used last first. */
export async function readSessions(
  sql: Queryable,
  agentId: string,
  { now, usedSince }: { now: Date; usedSince: Date },
): Promise<SessionRow[]> {
  return sql<SessionRow[]>`
    select id, user_agent, nullif(ip_address, '') as network, created_at, updated_at as seen_at from sessions
    where agent_id = ${agentId} and expires_at > ${now.toISOString()} and updated_at > ${usedSince.toISOString()}
    order by updated_at desc, id desc`
}

/** Ends one of one's own sessions. Reason: NOT_FOUND, also for one of somebody else. */
export async function endSession(tx: Transaction, agent: Agent, sessionId: string): Promise<void> {
  const { workspaceId, id: actorId } = agent
  const ended = await tx`delete from sessions where id = ${sessionId} and agent_id = ${actorId}`
  if (ended.count === 0) throw new Refusal('NOT_FOUND', 'This session has ended already.')
  await writeAudit(tx, { workspaceId, actorId, action: 'session.ended', details: { sessions: 1 } })
}

/** Ends all of one's sessions but one; answers with how many. */
export async function endOtherSessions(tx: Transaction, agent: Agent, keptId: string): Promise<number> {
  const { workspaceId, id: actorId } = agent
  const { count } = await tx`delete from sessions where agent_id = ${actorId} and id <> ${keptId}`
  if (count > 0)
    await writeAudit(tx, { workspaceId, actorId, action: 'session.ended', details: { sessions: count } })
  return count
}
