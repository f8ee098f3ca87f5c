import type { Queryable } from '../../db/client.ts'
import type { AgentName } from './snapshot.ts'

/** Where the lock of a conversation stands in Postgres: 0 before its first. */
export type FencePlace = { conversationId: string; workspaceId: string; channelId: string; fence: number }

/** The conversation with the fence that was given out last; null when there is none in this workspace. */
export async function fencePlace(
  sql: Queryable,
  workspaceId: string,
  conversationId: string,
): Promise<FencePlace | null> {
  const [place] = await sql<FencePlace[]>`
    select c.id as conversation_id, c.workspace_id, c.channel_id, coalesce(l.fence, 0)::float8 as fence
    from conversations c left join conversation_locks l on l.conversation_id = c.id
    where c.id = ${conversationId} and c.workspace_id = ${workspaceId}`
  return place ?? null
}

/**
 * Gives out the next fence of a conversation: from now on every other one is refused. Null when it is not `place.fence` any
 * more. That comparison keeps the two stores in step: `place` was read before the claim in Redis was made, so of two claims
 * whose holders overtake each other only the one that Redis knows can be given a fence (`server/live/locks.ts`).
 *
 * A takeover goes into the conversation's trail in the same breath. Acquiring and letting go do not: they come with every reply.
 */
export async function mintFence(
  sql: Queryable,
  place: FencePlace,
  { holderId, takenFrom }: { holderId: string; takenFrom: AgentName | null },
): Promise<number | null> {
  const { conversationId, workspaceId, channelId, fence } = place
  const [minted] = await sql<{ fence: number }[]>`
    with minted as (
      insert into conversation_locks as l (conversation_id, workspace_id, fence, holder_id, claimed_at)
      values (${conversationId}, ${workspaceId}, ${fence + 1}, ${holderId}, clock_timestamp())
      on conflict (conversation_id) do update
        set fence = excluded.fence, holder_id = excluded.holder_id, claimed_at = excluded.claimed_at
        where l.fence = ${fence}
      returning l.fence
    ), noted as (
      insert into audit_entries (id, workspace_id, channel_id, conversation_id, actor_id, action, details)
      select ${Bun.randomUUIDv7()}::uuid, ${workspaceId}::uuid, ${channelId}::uuid, ${conversationId}::uuid,
             ${holderId}::uuid, 'lock.taken_over',
             json_build_object('fence', fence, 'from', ${JSON.stringify(takenFrom)}::text::json)
      from minted where ${takenFrom !== null}::boolean
    )
    select fence::float8 as fence from minted`
  return minted?.fence ?? null
}
