import type { Transaction } from '../../db/client.ts'
import type { Bumped } from './bumpConversations.ts'
import type { AddedMessage } from './insertMessages.ts'
import { writeTrail } from './writeTrail.ts'

/**
 * Notes which conversations were opened again because their customers wrote. `bumpConversations` has done so already, in the
 * statement that it makes anyway; only what was put away costs one more here.
 */
export async function keepReopened(
  tx: Transaction,
  bumped: readonly Bumped[],
  added: readonly AddedMessage[],
): Promise<void> {
  const reopened = bumped.filter((one) => one.was !== 'open' && one.status === 'open')
  if (reopened.length === 0) return
  const places = new Map(added.map((one) => [one.conversationId, one]))
  const entries = reopened.flatMap(({ id: conversationId, was }) => {
    const place = places.get(conversationId)
    if (!place) return []
    const { workspaceId, channelId } = place
    const details = { from: was, by: 'customer' }
    return { workspaceId, channelId, conversationId, actorId: null, action: 'conversation.reopened', details }
  })
  await writeTrail(tx, entries)
}
