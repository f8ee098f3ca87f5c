import type { Transaction } from '../../db/client.ts'
import { applyWork } from './applyWork.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { workOf } from './decideWork.ts'
import { lockConversations } from './lockConversations.ts'
import { conversationsById } from './readConversations.ts'

/** Whose conversations are given back. */
export type Leaving = { assigneeIds: readonly string[] } | { teamIds: readonly string[] }

/**
 * Gives back what people or teams have: nobody answers in their name any more. What is open or snoozed goes back to the queue, and
 * everybody who sees it is told; of what is resolved only the name goes. Before any other lock of the transaction.
 */
export async function returnToQueue(
  tx: Transaction,
  workspaceId: string,
  leaving: Leaving,
  actorId: string | null,
): Promise<{ returned: number; events: NewEvent[] }> {
  const isHeld =
    'assigneeIds' in leaving
      ? tx`assignee_id = any(${[...leaving.assigneeIds]}::uuid[])`
      : tx`team_id = any(${[...leaving.teamIds]}::uuid[])`
  const rows = await tx<{ id: string }[]>`
    select id from conversations where workspace_id = ${workspaceId} and status <> 'resolved' and ${isHeld}`
  const locked = await lockConversations(
    tx,
    rows.map((row) => row.id),
  )
  const read = await conversationsById(
    tx,
    locked.map((one) => one.id),
  )
  const present = new Map(read.map((conversation) => [conversation.id, conversation]))
  const gone = 'assigneeIds' in leaving ? { assigneeId: null } : { teamId: null }
  const changes = locked.flatMap((conversation) => {
    const found = present.get(conversation.id)
    if (!found) return []
    const before = workOf(found)
    return [{ conversation, before, after: { ...before, ...gone } }]
  })
  const { events } = await applyWork(tx, changes, actorId)
  await tx`
    update conversations set ${'assigneeIds' in leaving ? tx`assignee_id` : tx`team_id`} = null, version = version + 1
    where workspace_id = ${workspaceId} and status = 'resolved' and ${isHeld}`
  return { returned: changes.length, events }
}
