import type { Transaction } from '../../db/client.ts'
import { survivorsOf } from './joinedConversations.ts'

/** A conversation as its lock found it. */
export type LockedConversation = {
  id: string
  workspaceId: string
  channelId: string
  contactId: string
  assigneeId: string | null
  teamId: string | null
  lastPosition: string
  lastInboundAt: Date | null
}

/**
 * Locks conversations until commit and returns them. EVERY transaction that writes to conversations does this first, in
 * this order, before it checks anything: so two of them wait for each other instead of deadlocking, and what was checked
 * still holds when it is written. NO KEY UPDATE leaves the foreign keys of others alone.
 *
 * One that became part of another meanwhile is not there any more; that other one is locked and returned instead, for whatever is
 * known by a message rather than by its conversation.
 */
export async function lockConversations(
  tx: Transaction,
  ids: readonly string[],
): Promise<LockedConversation[]> {
  if (ids.length === 0) return []
  const found = await lock(tx, ids)
  if (found.length === ids.length) return found
  const missing = ids.filter((id) => !found.some((one) => one.id === id))
  const survivors = await survivorsOf(tx, missing)
  const others = [...new Set(survivors.values())].filter((id) => !found.some((one) => one.id === id))
  return others.length === 0 ? found : [...found, ...(await lockConversations(tx, others))]
}

async function lock(tx: Transaction, ids: readonly string[]): Promise<LockedConversation[]> {
  const rows = await tx<LockedConversation[]>`
    select id, workspace_id, channel_id, contact_id, assignee_id, team_id, last_position, last_inbound_at
    from conversations
    where id = any(${[...ids]}::uuid[])
    order by id
    for no key update`
  return [...rows]
}
