import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { demandOwner, hasOwner } from './grant.ts'
import { returnToQueue } from './returnToQueue.ts'
import { demandOthers, lockMembers } from './updateMembers.ts'
import { writeAudit } from './writeAudit.ts'

/**
 * Ends a membership for good: their sessions, keys and sockets end at once, what was open with them goes back to the queue, and
 * what they wrote keeps their name. Reasons: NOT_FOUND, FORBIDDEN, WRONG_STATE.
 */
export async function removeMember(
  tx: Transaction,
  agent: Agent,
  agentId: string,
  now: Date,
): Promise<{ returned: number }> {
  const { workspaceId, id: actorId } = agent
  demandOthers(agent, [agentId])
  const { returned, events } = await returnToQueue(tx, workspaceId, { assigneeIds: [agentId] }, actorId)
  const hadOwner = await hasOwner(tx, workspaceId)
  const [member] = await lockMembers(tx, agent, [agentId])
  await tx`
    delete from team_members where agent_id = ${agentId}
      and team_id in (select id from teams where workspace_id = ${workspaceId})`
  await tx`
    update api_keys set revoked_at = ${now.toISOString()}, revoked_by_id = ${actorId}
    where workspace_id = ${workspaceId} and agent_id = ${agentId} and revoked_at is null`
  await tx`delete from memberships where workspace_id = ${workspaceId} and agent_id = ${agentId}`
  await tx`delete from sessions where agent_id = ${agentId}`
  await demandOwner(tx, workspaceId, hadOwner)
  const details = { agentId, name: member?.name, role: member?.role, returned }
  await writeAudit(tx, { workspaceId, actorId, action: 'person.removed', details })
  commitWithEvents(tx, [
    ...events,
    { workspaceId, channelId: null, conversationId: null, event: { type: 'people.changed' } },
  ])
  return { returned }
}
