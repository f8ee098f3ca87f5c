import type { inferRouterInputs } from '@trpc/server'
import type { AgentName, ConversationSnapshot, TeamName } from '../../../../server/inbox/snapshot.ts'
import type { AppRouter } from '../../../../server/trpc/router.ts'

/** What can be done with one conversation or many. */
export type WorkAction = inferRouterInputs<AppRouter>['conversations']['bulk']['action']

/** Names that this tab knows; null: it has to wait for the server's. */
export type NamesOfPeople = {
  agentName: (agentId: string) => string | null
  teamName: (teamId: string) => string | null
}

/** Pure: a conversation as the server will make it by this act, as far as can be told here. Its version stays. */
export function expectedWork(
  conversation: ConversationSnapshot,
  action: WorkAction,
  names: NamesOfPeople,
): ConversationSnapshot {
  switch (action.kind) {
    case 'assign': {
      const { assigneeId, teamId } = action
      return {
        ...conversation,
        assignee: named(assigneeId, conversation.assignee, (id) => names.agentName(id)),
        team: named(teamId, conversation.team, (id) => names.teamName(id)),
      }
    }
    case 'resolve':
      return { ...conversation, status: 'resolved', snoozedUntil: null }
    case 'reopen':
      return { ...conversation, status: 'open', snoozedUntil: null }
    case 'snooze':
      return { ...conversation, status: 'snoozed', snoozedUntil: action.until }
    case 'label': {
      const kept = conversation.labelIds.filter((id) => !action.remove?.includes(id))
      return { ...conversation, labelIds: [...new Set([...kept, ...(action.add ?? [])])] }
    }
    case 'markRead':
      return { ...conversation, unreadCount: 0 }
  }
}

function named<Name extends AgentName | TeamName>(
  id: string | null | undefined,
  held: Name | null,
  nameOf: (id: string) => string | null,
): Name | { id: string; name: string } | null {
  if (id === undefined) return held
  if (id === null) return null
  const name = nameOf(id)
  return name === null ? held : { id, name }
}
