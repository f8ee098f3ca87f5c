import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { auditChannel } from './auditChannel.ts'
import { demand } from './policy.ts'
import { Refusal } from './refusal.ts'

type Request = { agent: Agent; channelId: string; teamIds: readonly string[] }

/** Decides which teams answer a channel; whoever gains or loses it by that is told by the feed. Reasons: FORBIDDEN, NOT_FOUND, INPUT_INVALID. */
export async function setChannelTeams(
  tx: Transaction,
  { agent, channelId, teamIds }: Request,
): Promise<string[]> {
  demand(agent, 'channels.manage')
  const [own] = await tx`
    select 1 from channels where id = ${channelId} and workspace_id = ${agent.workspaceId} for no key update`
  if (!own) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  const ids = [...new Set(teamIds)]
  const known = await tx`
    select 1 from teams where workspace_id = ${agent.workspaceId} and id = any(${ids}::uuid[])`
  if (known.length < ids.length)
    throw new Refusal('INPUT_INVALID', 'One of these teams does not exist any more.', { field: 'teamIds' })
  await tx`delete from channel_teams where channel_id = ${channelId}`
  const kept = await tx<{ teamId: string }[]>`
    insert into channel_teams (channel_id, team_id)
    select ${channelId}, id from teams where workspace_id = ${agent.workspaceId} and id = any(${ids}::uuid[])
    returning team_id`
  await auditChannel(tx, agent, channelId, 'channel.updated', { teamIds: ids })
  return kept.map(({ teamId }) => teamId)
}
