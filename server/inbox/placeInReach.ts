import type { Queryable } from '../../db/client.ts'
import { isInReach, type Reach } from './policy.ts'
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
  reach: Reach,
): Promise<ConversationPlace> {
  const [place] = await sql<ConversationPlace[]>`
    select c.id, c.workspace_id, c.channel_id, c.last_inbound_at from conversations c
    where c.id = ${conversationId} and ${isInReach(sql, reach)}`
  if (place) return place
  throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
}
