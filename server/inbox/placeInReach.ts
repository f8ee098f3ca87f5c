import type { Queryable } from '../../db/client.ts'
import { Refusal } from './refusal.ts'

/** A conversation, as far as it takes to write beside it. */
export type ConversationPlace = {
  id: string
  workspaceId: string
  channelId: string
  lastInboundAt: Date | null
}

/** The conversation when it is within reach, without a lock: for what hangs on it and changes nothing of it. Reason: NOT_FOUND. */
export async function placeInReach(
  sql: Queryable,
  conversationId: string,
  channelIds: readonly string[],
): Promise<ConversationPlace> {
  const [place] = await sql<ConversationPlace[]>`
    select id, workspace_id, channel_id, last_inbound_at from conversations
    where id = ${conversationId} and channel_id = any(${[...channelIds]}::uuid[])`
  if (place) return place
  throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
}
