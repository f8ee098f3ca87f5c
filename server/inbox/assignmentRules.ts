import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import type { AssignmentMethod } from './chooseAgent.ts'
import { demandChannels, demandTeams } from './grant.ts'
import { writeAudit } from './writeAudit.ts'

/** How conversations of a channel, or those that a team was given, find their agent. One of the two ids is null. */
export type AssignmentRule = {
  channelId: string | null
  teamId: string | null
  method: AssignmentMethod
  /** Open conversations that an agent takes at most; null: any number. Somebody's own number comes first. */
  capacity: number | null
  skipsAway: boolean
  /** Not answered for so long, it goes to somebody else, or back to the queue; null: it stays. */
  returnAfterMinutes: number | null
}

/** The rules of a workspace. Without one, conversations are assigned by hand. */
export async function readRules(sql: Queryable, workspaceId: string): Promise<AssignmentRule[]> {
  return [
    ...(await sql<AssignmentRule[]>`
      select channel_id, team_id, method, capacity, skips_away, return_after_minutes
      from assignment_rules where workspace_id = ${workspaceId} order by created_at, id`),
  ]
}

/** Makes or changes the rule of a channel or a team. Reasons: NOT_FOUND, FORBIDDEN. */
export async function saveRule(tx: Transaction, agent: Agent, rule: AssignmentRule): Promise<AssignmentRule> {
  const { workspaceId, id: actorId } = agent
  const { channelId, teamId, method, capacity, skipsAway, returnAfterMinutes } = rule
  if (channelId) await demandChannels(tx, agent, [channelId])
  if (teamId) await demandTeams(tx, agent, [teamId])
  await tx`
    insert into assignment_rules as r (id, workspace_id, channel_id, team_id, method, capacity, skips_away, return_after_minutes)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${channelId}, ${teamId}, ${method}, ${capacity}, ${skipsAway},
      ${returnAfterMinutes})
    on conflict (${channelId ? tx`channel_id` : tx`team_id`}) do update set method = excluded.method,
      capacity = excluded.capacity, skips_away = excluded.skips_away,
      return_after_minutes = excluded.return_after_minutes, updated_at = now()`
  await writeAudit(tx, { workspaceId, actorId, channelId, action: 'rule.changed', details: rule })
  return rule
}
