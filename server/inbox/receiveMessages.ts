import type { Transaction } from '../../db/client.ts'
import { bumpConversations } from './bumpConversations.ts'
import { completePlaceholders } from './completePlaceholders.ts'
import { followNewIds } from './followNewIds.ts'
import { type AddedMessage, addAttempts, insertMessages, type PlacedMessage } from './insertMessages.ts'
import { keepReactions } from './keepReactions.ts'
import { conversationsById } from './readConversations.ts'
import { idsOfWamids, messagesById } from './readMessages.ts'
import type { NewEvent } from './recordEvents.ts'
import type { ConversationSnapshot, MessageSnapshot, ReactionSnapshot } from './snapshot.ts'

/**
 * Stores messages that came from WhatsApp and returns the events that this makes. A message whose wamid is here already
 * changes nothing (but for the media that an earlier placeholder stood for): all that follows is done for the rows that
 * the insert gave back. The conversations are locked by the caller, and so are the wamids of outgoing messages.
 */
export async function receiveMessages(
  tx: Transaction,
  placed: readonly PlacedMessage[],
  now: Date,
): Promise<NewEvent[]> {
  if (placed.length === 0) return []
  const candidates = placed.map((one) => ({ id: Bun.randomUUIDv7(), ...one }))
  const insertedIds = await insertMessages(tx, candidates)
  const added = candidates.filter((one) => insertedIds.has(one.id))
  const known = candidates.filter((one) => !insertedIds.has(one.id))
  const completedIds = await completePlaceholders(tx, known)
  if (added.length === 0) return changedEvents(tx, completedIds, candidates)

  const outgoing = added.filter((one) => one.message.direction === 'out')
  const statusEvents = await addAttempts(tx, outgoing, now)
  const reactions = await keepReactions(tx, added)
  await followNewIds(tx, added)
  await bumpConversations(tx, added)
  const changedIds = [...completedIds, ...(await idsOfWamids(tx, targetsOf(added)))]
  return [
    ...(await addedEvents(tx, added, reactions)),
    ...(await changedEvents(tx, changedIds, candidates)),
    ...statusEvents,
  ]
}

/** The messages that edits and revocations are about. */
function targetsOf(added: AddedMessage[]): { conversationId: string; wamid: string }[] {
  return added.flatMap(({ conversationId, message }) => {
    const { kind } = message.content
    if (message.targetWamid === null || (kind !== 'edit' && kind !== 'revoke')) return []
    return [{ conversationId, wamid: message.targetWamid }]
  })
}

async function addedEvents(
  tx: Transaction,
  added: AddedMessage[],
  reactions: Map<string, ReactionSnapshot>,
): Promise<NewEvent[]> {
  const ids = added.map((one) => one.id)
  return events(tx, ids, added, (message, conversation) => ({
    type: 'message.added',
    message,
    conversation,
    reaction: reactions.get(message.id) ?? null,
  }))
}

async function changedEvents(
  tx: Transaction,
  ids: string[],
  placed: readonly PlacedMessage[],
): Promise<NewEvent[]> {
  return events(tx, ids, placed, (message, conversation) => ({
    type: 'message.changed',
    message,
    conversation,
  }))
}

async function events(
  tx: Transaction,
  messageIds: string[],
  placed: readonly PlacedMessage[],
  eventOf: (message: MessageSnapshot, conversation: ConversationSnapshot) => NewEvent['event'],
): Promise<NewEvent[]> {
  const messages = await messagesById(tx, messageIds)
  const conversations = await conversationsById(tx, [...new Set(messages.map((one) => one.conversationId))])
  const conversationOf = new Map(conversations.map((conversation) => [conversation.id, conversation]))
  const placeOf = new Map(placed.map((one) => [one.conversationId, one]))
  return messages.flatMap((message) => {
    const place = placeOf.get(message.conversationId)
    const conversation = conversationOf.get(message.conversationId)
    if (!place || !conversation) return []
    const { workspaceId, channelId, conversationId } = place
    return [{ workspaceId, channelId, conversationId, event: eventOf(message, conversation) }]
  })
}
