import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Person, Team } from './people.svelte.ts'

export type AssignOption = {
  key: string
  words: string
  group: string
  isChosen: boolean
  /** Whose picture stands before it. */
  agent: Person | null
  to: { assigneeId: string | null } | { teamId: string | null }
}

type Sides = { agents: readonly Person[]; teams: readonly Team[]; meId: string }

/** Pure: to whom these conversations can be given, oneself first. Chosen is who has all of them. */
export function assignOptions(
  conversations: readonly Pick<ConversationSnapshot, 'assignee' | 'team'>[],
  { agents, teams, meId }: Sides,
): AssignOption[] {
  const assigneeIds = new Set(conversations.map(({ assignee }) => assignee?.id ?? null))
  const teamIds = new Set(conversations.map(({ team }) => team?.id ?? null))
  const isAll = (ids: ReadonlySet<string | null>, id: string | null) => ids.size === 1 && ids.has(id)
  const me = agents.filter((agent) => agent.id === meId)
  const others = agents.filter((agent) => agent.id !== meId)
  return [
    ...[...me, ...others].map((agent) => ({
      key: agent.id,
      words: agent.id === meId ? `${agent.name} (you)` : agent.name,
      group: 'Agents',
      isChosen: isAll(assigneeIds, agent.id),
      agent,
      to: { assigneeId: agent.id },
    })),
    {
      key: 'nobody',
      words: 'Nobody',
      group: 'Agents',
      isChosen: isAll(assigneeIds, null),
      agent: null,
      to: { assigneeId: null },
    },
    ...teams.map((team) => ({
      key: team.id,
      words: team.name,
      group: 'Teams',
      isChosen: isAll(teamIds, team.id),
      agent: null,
      to: { teamId: team.id },
    })),
    ...(teams.length === 0
      ? []
      : [
          {
            key: 'no-team',
            words: 'No team',
            group: 'Teams',
            isChosen: isAll(teamIds, null),
            agent: null,
            to: { teamId: null },
          },
        ]),
  ]
}
