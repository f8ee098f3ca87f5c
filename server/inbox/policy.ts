import type { Queryable } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { Refusal } from './refusal.ts'
import { BUILT_IN_ROLES, DENIED, type Permission, type Role } from './role.ts'

/** A conversation, as far as it decides who may see it. */
export type Held = { channelId: string; assigneeId: string | null; teamId: string | null }

/** A channel, as far as it decides who may see its conversations. */
export type ReachableChannel = {
  id: string
  workspaceId: string
  visibility: 'channel' | 'assigned'
  teamIds: readonly string[]
  /** What was said on it stays in reach, and nothing is sent on it any more. */
  isRemoved?: boolean
}

/**
 * The conversations for which an agent has a permission. Only the functions of this file give one out, and whatever shows or
 * changes a conversation takes one, of the permission that it needs: so what did not ask does not compile. Lists filter with
 * `isInReach` and `hangsInReach`, single reads and the feed with `covers`: the same two lines, once in SQL and once here.
 */
class Within<P extends Permission> {
  readonly #whole: ReadonlySet<string>
  readonly #assigned: ReadonlySet<string>

  constructor(
    readonly permission: P,
    readonly agentId: string,
    /** The teams whose conversations are theirs too. */
    readonly teamIds: readonly string[],
    /** Channels of which every conversation is in reach. */
    readonly whole: readonly string[],
    /** Channels of which those are that are assigned to the agent or to one of `teamIds`. */
    readonly assigned: readonly string[],
    /** Channels on which nothing can be sent any more. */
    private readonly removed: ReadonlySet<string>,
  ) {
    this.#whole = new Set(whole)
    this.#assigned = new Set(assigned)
  }

  /** Both kinds of channels. */
  get channelIds(): string[] {
    return [...this.whole, ...this.assigned]
  }

  /** The same for the same conversations: whoever holds what they saw with another mark has to load it anew. */
  get mark(): string {
    const parts = [this.agentId, this.whole, this.assigned, this.assigned.length > 0 ? this.teamIds : []]
    return Bun.hash(JSON.stringify(parts.map((part) => [...part].sort()))).toString(36)
  }

  covers({ channelId, assigneeId, teamId }: Held): boolean {
    if (this.#whole.has(channelId)) return true
    if (!this.#assigned.has(channelId)) return false
    return assigneeId === this.agentId || (teamId !== null && this.teamIds.includes(teamId))
  }

  /** Whether at least some of its conversations can be in reach. */
  touches(channelId: string): boolean {
    return this.#whole.has(channelId) || this.#assigned.has(channelId)
  }

  isWhole(channelId: string): boolean {
    return this.#whole.has(channelId)
  }

  isRemoved(channelId: string): boolean {
    return this.removed.has(channelId)
  }

  /** The channels of which another set of conversations is in reach than there. */
  changedSince(before: Within<Permission>): string[] {
    if (before === this) return []
    const areTeamsSame =
      before.agentId === this.agentId && before.teamIds.toSorted().join() === this.teamIds.toSorted().join()
    const all = new Set([...this.channelIds, ...before.channelIds])
    return [...all].filter(
      (id) =>
        this.isWhole(id) !== before.isWhole(id) ||
        this.touches(id) !== before.touches(id) ||
        (!areTeamsSame && this.#assigned.has(id)),
    )
  }
}

export type Reach<P extends Permission = Permission> = Within<P>

/** What the agent's role allows. */
export function roleOf({ role, customRole }: Agent): Role {
  if (role !== 'custom') return BUILT_IN_ROLES[role]
  return customRole ?? { reach: 'own', permissions: [] }
}

/** Whether the agent's role allows it: in the workspace, or for the conversations within reach. */
export function may(agent: Agent, permission: Permission): boolean {
  return roleOf(agent).permissions.includes(permission)
}

/** Refuses with FORBIDDEN what the agent's role does not allow. */
export function demand(agent: Agent, permission: Permission): void {
  if (!may(agent, permission)) throw new Refusal('FORBIDDEN', DENIED[permission], { permission })
}

/** The conversations for which the agent has a permission. Refuses with FORBIDDEN when there can be none. */
export async function reachOf<P extends Permission>(
  sql: Queryable,
  agent: Agent,
  permission: P,
): Promise<Reach<P>> {
  demand(agent, permission)
  return reachAmong(agent, permission, await channelsOf(sql, [agent.workspaceId]))
}

/** {@link reachOf} of many agents, in one query and in their order. Who has not the permission reaches nothing. */
export async function reachesOf<P extends Permission>(
  sql: Queryable,
  agents: readonly Agent[],
  permission: P,
): Promise<Reach<P>[]> {
  if (agents.length === 0) return []
  const channels = await channelsOf(sql, [...new Set(agents.map((agent) => agent.workspaceId))])
  return agents.map((agent) => reachAmong(agent, permission, channels))
}

/** Pure: the table of `role.ts` held against the channels that there are. */
export function reachAmong<P extends Permission>(
  agent: Agent,
  permission: P,
  channels: readonly ReachableChannel[],
): Reach<P> {
  const { reach, permissions } = roleOf(agent)
  const ours = permissions.includes(permission)
    ? channels.filter((channel) => channel.workspaceId === agent.workspaceId)
    : []
  const idsOf = (list: readonly ReachableChannel[]) => list.map((channel) => channel.id)
  const removed = new Set(idsOf(ours.filter((channel) => channel.isRemoved)))
  if (reach === 'workspace') return new Within(permission, agent.id, agent.teamIds, idsOf(ours), [], removed)
  const answered = ours.filter((channel) => channel.teamIds.some((id) => agent.teamIds.includes(id)))
  const isWhole = (channel: ReachableChannel) =>
    reach === 'channel' && (channel.visibility === 'channel' || permissions.includes('conversations.oversee'))
  return new Within(
    permission,
    agent.id,
    reach === 'own' ? [] : agent.teamIds,
    idsOf(answered.filter(isWhole)),
    idsOf(answered.filter((channel) => !isWhole(channel))),
    removed,
  )
}

/** In SQL: whether a conversation `c` is in reach. */
export const isInReach = (sql: Queryable, reach: Reach) =>
  reach.assigned.length === 0
    ? sql`c.channel_id = any(${[...reach.whole]}::uuid[])`
    : sql`(c.channel_id = any(${[...reach.whole]}::uuid[]) or c.channel_id = any(${[...reach.assigned]}::uuid[])
        and (c.assignee_id = ${reach.agentId} or c.team_id = any(${[...reach.teamIds]}::uuid[])))`

/** In SQL: whether a row that hangs on a conversation (its `conversation_id`, and its `channel_id`) is in reach. */
export const hangsInReach = (sql: Queryable, reach: Reach, row: string) =>
  reach.assigned.length === 0
    ? sql`${sql(row)}.channel_id = any(${[...reach.whole]}::uuid[])`
    : sql`(${sql(row)}.channel_id = any(${[...reach.whole]}::uuid[])
        or ${sql(row)}.channel_id = any(${[...reach.assigned]}::uuid[]) and exists (
          select from conversations c where c.id = ${sql(row)}.conversation_id and ${isInReach(sql, reach)}))`

async function channelsOf(sql: Queryable, workspaceIds: string[]): Promise<ReachableChannel[]> {
  const rows = await sql<ReachableChannel[]>`
    select c.id, c.workspace_id, c.visibility, c.archived_at is not null as is_removed,
           array(select ct.team_id::text from channel_teams ct where ct.channel_id = c.id) as team_ids
    from channels c where c.workspace_id = any(${workspaceIds}::uuid[]) order by c.id`
  return [...rows]
}

/** The ids of the channels of which the agent may see conversations, all or some. */
export async function channelsInReach(sql: Queryable, agent: Agent): Promise<string[]> {
  const [reach] = await reachesOf(sql, [agent], 'conversations.read')
  return reach?.channelIds ?? []
}
