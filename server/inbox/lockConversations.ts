import type { Transaction } from '../../db/client.ts'

/** A conversation as its lock found it. */
export type LockedConversation = {
  id: string
  workspaceId: string
  channelId: string
  assigneeId: string | null
  teamId: string | null
  lastPosition: string
  lastInboundAt: Date | null
}

/**
 * Locks conversations until commit and returns them. EVERY transaction that writes to conversations does this first, in
 * this order, before it checks anything: so two of them wait for each other instead of deadlocking, and what was checked
 * still holds when it is written. NO KEY UPDATE leaves the foreign keys of others alone.
 */
export async function lockConversations(
  tx: Transaction,
  ids: readonly string[],
): Promise<LockedConversation[]> {
  if (ids.length === 0) return []
  const rows = await tx<LockedConversation[]>`
    select id, workspace_id, channel_id, assignee_id, team_id, last_position, last_inbound_at
    from conversations
    where id = any(${[...ids]}::uuid[])
    order by id
    for no key update`
  return [...rows]
}
