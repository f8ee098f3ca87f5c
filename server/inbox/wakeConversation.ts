import type { Transaction } from '../../db/client.ts'
import { applyWork } from './applyWork.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { workOf } from './decideWork.ts'
import { lockConversations } from './lockConversations.ts'
import { conversationsById } from './readConversations.ts'

/**
 * Opens a conversation whose snooze has ended. Nothing happens when it is open or resolved by now, or was snoozed anew: that has
 * a job of its own. Returns its workspace, when somebody is to be told; `early` when it is not time yet by this clock.
 */
export async function wakeConversation(
  tx: Transaction,
  { conversationId, until }: { conversationId: string; until: string },
  now: Date,
): Promise<{ workspaceId: string } | 'early' | null> {
  const [place] = await lockConversations(tx, [conversationId])
  const [conversation] = await conversationsById(tx, [conversationId])
  if (!place || conversation?.status !== 'snoozed' || conversation.snoozedUntil !== until) return null
  if (new Date(until) > now) return 'early'
  const before = workOf(conversation)
  const after = { ...before, status: 'open' as const, snoozedUntil: null }
  const { events } = await applyWork(tx, [{ conversation: place, before, after }], null)
  commitWithEvents(tx, events)
  return { workspaceId: place.workspaceId }
}
