import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents, type NewEvent } from './commitWithEvents.ts'
import { demandChannels, demandTeams } from './grant.ts'
import { Refusal } from './refusal.ts'
import { returnToQueue } from './returnToQueue.ts'
import { writeAudit } from './writeAudit.ts'

/** A team as those see it who manage teams. */
export type TeamSnapshot = { id: string; name: string; memberIds: string[]; channelIds: string[] }

export type TeamWish = {
  teamId?: string | undefined
  name: string
  memberIds: readonly string[]
  channelIds: readonly string[]
}

/** The teams of a workspace by name, or one of them. */
export async function readTeams(
  sql: Queryable,
  workspaceId: string,
  teamId: string | null = null,
): Promise<TeamSnapshot[]> {
  const rows = await sql<TeamSnapshot[]>`
    select t.id, t.name,
           array(
             select tm.agent_id::text from team_members tm
             join memberships m on m.agent_id = tm.agent_id and m.workspace_id = t.workspace_id
             where tm.team_id = t.id order by tm.agent_id
           ) as member_ids,
           array(select ct.channel_id::text from channel_teams ct where ct.team_id = t.id order by ct.channel_id) as channel_ids
    from teams t where t.workspace_id = ${workspaceId} ${teamId ? sql`and t.id = ${teamId}` : sql``}
    order by lower(t.name), t.id`
  return [...rows]
}

/** Makes a team, or gives one another name, members or channels. Reasons: NOT_FOUND, FORBIDDEN, NAME_TAKEN. */
export async function saveTeam(tx: Transaction, agent: Agent, wish: TeamWish): Promise<TeamSnapshot> {
  const { workspaceId, id: actorId } = agent
  await lockTeams(tx, workspaceId)
  const teams = await readTeams(tx, workspaceId)
  const id = wish.teamId ?? Bun.randomUUIDv7()
  const before = teams.find((team) => team.id === id) ?? null
  if (wish.teamId && !before) throw new Refusal('NOT_FOUND', 'There is no such team any more.')
  if (teams.some((team) => team.id !== id && team.name.toLowerCase() === wish.name.toLowerCase()))
    throw new Refusal('NAME_TAKEN', `There is a team “${wish.name}” already.`)
  if (before) await demandTeams(tx, agent, [id])
  await demandChannels(tx, agent, wish.channelIds)
  await demandMembers(tx, workspaceId, wish.memberIds)
  await tx`
    insert into teams (id, workspace_id, name) values (${id}, ${workspaceId}, ${wish.name})
    on conflict (id) do update set name = excluded.name`
  await tx`delete from team_members where team_id = ${id} and agent_id <> all(${[...wish.memberIds]}::uuid[])`
  await tx`
    insert into team_members (team_id, agent_id) select ${id}, a.id from unnest(${[...wish.memberIds]}::uuid[]) as a (id)
    on conflict do nothing`
  await tx`delete from channel_teams where team_id = ${id} and channel_id <> all(${[...wish.channelIds]}::uuid[])`
  await tx`
    insert into channel_teams (team_id, channel_id) select ${id}, c.id from unnest(${[...wish.channelIds]}::uuid[]) as c (id)
    on conflict do nothing`
  const [after] = await readTeams(tx, workspaceId, id)
  if (!after) throw new Error('A team was not kept')
  if (!Bun.deepEquals(before, after)) {
    const action = before ? 'team.changed' : 'team.created'
    await writeAudit(tx, { workspaceId, actorId, action, details: { before, after } })
    commitWithEvents(tx, [peopleChanged(workspaceId)])
  }
  return after
}

/** Removes a team. What it was given goes back to the queue; its members keep their accounts. Reasons: NOT_FOUND, FORBIDDEN. */
export async function removeTeam(
  tx: Transaction,
  agent: Agent,
  teamId: string,
): Promise<{ returned: number }> {
  const { workspaceId, id: actorId } = agent
  const [known] = await readTeams(tx, workspaceId, teamId)
  if (!known) throw new Refusal('NOT_FOUND', 'There is no such team any more.')
  await demandTeams(tx, agent, [teamId])
  const { returned, events } = await returnToQueue(tx, workspaceId, { teamIds: [teamId] }, actorId)
  await lockTeams(tx, workspaceId)
  await tx`delete from teams where id = ${teamId} and workspace_id = ${workspaceId}`
  const details = { before: known, returned }
  await writeAudit(tx, { workspaceId, actorId, action: 'team.removed', details })
  commitWithEvents(tx, [...events, peopleChanged(workspaceId)])
  return { returned }
}

const peopleChanged = (workspaceId: string): NewEvent => ({
  workspaceId,
  channelId: null,
  conversationId: null,
  event: { type: 'people.changed' },
})

/** One change at a time, so that of two equal names one is told. */
async function lockTeams(tx: Transaction, workspaceId: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`teams ${workspaceId}`}, 0))`
}

async function demandMembers(
  tx: Transaction,
  workspaceId: string,
  agentIds: readonly string[],
): Promise<void> {
  const [found] = await tx<{ count: number }[]>`
    select count(*)::int as count from memberships
    where workspace_id = ${workspaceId} and agent_id = any(${[...agentIds]}::uuid[])`
  if ((found?.count ?? 0) < new Set(agentIds).size)
    throw new Refusal('NOT_FOUND', 'Somebody of them is not a member any more.')
}
