import type { Transaction } from '../../db/client.ts'
import type { ConversationAction, Pointable } from './decideWork.ts'
import { membersInReach } from './membersInReach.ts'
import type { Held } from './policy.ts'

/**
 * Looks up, in the workspace, whom and what these decisions point to. The result says for a conversation which of them
 * may be pointed to in it. At most four statements; none for decisions that point to nothing.
 */
export async function pointableIn(
  tx: Transaction,
  workspaceId: string,
  actions: readonly ConversationAction[],
): Promise<(place: Held) => Pointable> {
  const named = actions.map(namedBy)
  const idsOf = (kind: keyof Named) => [...new Set(named.flatMap((one) => one[kind]))]
  const members = await membersInReach(tx, workspaceId, idsOf('agentIds'), 'conversations.reply')
  const teams = await teamsOfChannels(tx, workspaceId, idsOf('teamIds'))
  const labelIds = new Set(await knownLabels(tx, workspaceId, idsOf('labelIds')))
  return (place) => ({
    // Whoever is given a conversation sees it for that: so they are asked as if they had it.
    agentIds: new Set(
      members
        .filter(({ agentId, reach }) => reach.covers({ ...place, assigneeId: agentId }))
        .map((one) => one.agentId),
    ),
    teamIds: new Set(teams.filter((one) => one.channelId === place.channelId).map((one) => one.teamId)),
    labelIds,
  })
}

type Named = { agentIds: string[]; teamIds: string[]; labelIds: string[] }

function namedBy(action: ConversationAction): Named {
  const list = (id: string | null | undefined) => (id ? [id] : [])
  if (action.kind === 'label') return { agentIds: [], teamIds: [], labelIds: [...action.add] }
  if (action.kind !== 'assign' && action.kind !== 'restore')
    return { agentIds: [], teamIds: [], labelIds: [] }
  const { assigneeId, teamId } = action.kind === 'assign' ? action : action.before
  const labelIds = action.kind === 'assign' ? [] : action.before.labelIds
  return { agentIds: list(assigneeId), teamIds: list(teamId), labelIds }
}

async function teamsOfChannels(tx: Transaction, workspaceId: string, teamIds: string[]) {
  if (teamIds.length === 0) return []
  return tx<{ teamId: string; channelId: string }[]>`
    select ct.team_id, ct.channel_id from channel_teams ct
    join teams t on t.id = ct.team_id and t.workspace_id = ${workspaceId}
    where ct.team_id = any(${teamIds}::uuid[])`
}

async function knownLabels(tx: Transaction, workspaceId: string, labelIds: string[]): Promise<string[]> {
  if (labelIds.length === 0) return []
  const rows = await tx<{ id: string }[]>`
    select id from labels where workspace_id = ${workspaceId} and id = any(${labelIds}::uuid[])`
  return rows.map((row) => row.id)
}
