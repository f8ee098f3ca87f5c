import type { Queryable } from '../../db/client.ts'
import { isInReach, type Reach } from './policy.ts'
import { CLOSING_MS, SERVICE_WINDOW_MS } from './serviceWindow.ts'

/** Snoozed and resolved conversations stand only in their own views, and among the mentions. */
export type ConversationView = 'all' | 'mine' | 'unassigned' | 'unread' | 'mentions' | 'snoozed' | 'resolved'

/** Of each filter one has to fit; all filters have to. Null or absent: no such filter. */
export type ListFilters = {
  channelIds?: string[] | undefined
  teamIds?: string[] | undefined
  assigneeIds?: string[] | undefined
  labelIds?: string[] | undefined
  window?: 'open' | 'closing' | 'closed' | undefined
}

/** Whose list it is, and what they may see. */
export type ListOf = { workspaceId: string; agentId: string; reach: Reach }

/** Conversations `c` that the agent may see, and in which something was said. */
export const inReach = (sql: Queryable, { workspaceId, reach }: ListOf) => sql`
  c.workspace_id = ${workspaceId} and ${isInReach(sql, reach)} and c.last_position > ''`

/** Whether a conversation `c` stands in a view. The status is written out, for the partial index of each. */
export const inView = (sql: Queryable, view: ConversationView, agentId: string) =>
  ({
    all: () => sql`c.status = 'open'`,
    mine: () => sql`c.status = 'open' and c.assignee_id = ${agentId}`,
    unassigned: () => sql`c.status = 'open' and c.assignee_id is null`,
    unread: () => sql`c.status = 'open' and c.unread_count > 0`,
    mentions: () => sql`c.id in (select n.conversation_id from mentions n where n.agent_id = ${agentId})`,
    snoozed: () => sql`c.status = 'snoozed'`,
    resolved: () => sql`c.status = 'resolved'`,
  })[view]()

/** Whether a conversation `c` fits the filters at `asOf`. */
export function fits(sql: Queryable, filters: ListFilters, asOf: Date) {
  const { channelIds, teamIds, assigneeIds, labelIds, window } = filters
  return sql`
    ${channelIds ? sql`and c.channel_id = any(${channelIds}::uuid[])` : sql``}
    ${teamIds ? sql`and c.team_id = any(${teamIds}::uuid[])` : sql``}
    ${assigneeIds ? sql`and c.assignee_id = any(${assigneeIds}::uuid[])` : sql``}
    ${labelIds ? sql`and c.label_ids && ${labelIds}::uuid[]` : sql``}
    ${window ? sql`and ${windowIs(sql, window, asOf)}` : sql``}`
}

/** The customer wrote after this: the window is open. */
export const openSince = (asOf: Date) => new Date(asOf.getTime() - SERVICE_WINDOW_MS)

function windowIs(sql: Queryable, window: NonNullable<ListFilters['window']>, asOf: Date) {
  const since = openSince(asOf).toISOString()
  const closing = new Date(openSince(asOf).getTime() + CLOSING_MS).toISOString()
  if (window === 'open') return sql`c.last_inbound_at > ${since}`
  if (window === 'closing') return sql`c.last_inbound_at > ${since} and c.last_inbound_at <= ${closing}`
  return sql`(c.last_inbound_at is null or c.last_inbound_at <= ${since})`
}
