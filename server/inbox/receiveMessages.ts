import type { Transaction } from '../../db/client.ts'
import { type Bumped, bumpConversations } from './bumpConversations.ts'
import { changedEvents } from './changedEvents.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { completePlaceholders } from './completePlaceholders.ts'
import { followNewIds } from './followNewIds.ts'
import {
  type AddedMessage,
  addAttempts,
  addedSnapshot,
  insertMessages,
  type PlacedMessage,
} from './insertMessages.ts'
import { keepMedia, mediaIdFor } from './keepMedia.ts'
import { keepReactions, type Reacting } from './keepReactions.ts'
import { keepReopened } from './keepReopened.ts'
import { conversationSnapshot, conversationsById, lastMessageOf } from './readConversations.ts'
import { changedBefore, idsOfWamids, messagesById } from './readMessages.ts'
import type { ConversationSnapshot, ReactionSnapshot } from './snapshot.ts'

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
  const candidates = placed.map((one) => ({ id: Bun.randomUUIDv7(), mediaId: mediaIdFor(one), ...one }))
  const insertedIds = await insertMessages(tx, candidates)
  const added = candidates.filter((one) => insertedIds.has(one.id))
  const known = candidates.filter((one) => !insertedIds.has(one.id))
  const completed = await completePlaceholders(tx, known)
  const completedIds = completed.map((one) => one.id)
  const withKnownFiles = await keepMedia(tx, [...added, ...completed])
  if (added.length === 0) return changedEvents(tx, completedIds, candidates)

  const outgoing = added.filter((one) => one.message.direction === 'out')
  const statusEvents = await addAttempts(tx, outgoing, now)
  const reactions = await keepReactions(tx, added.map(reactingOf))
  await followNewIds(tx, added)
  const bumped = await bumpConversations(tx, added)
  await keepReopened(tx, bumped, added)
  const addedEvents = await eventsOfAdded(tx, added, bumped, reactions, withKnownFiles)
  const changedIds = [...completedIds, ...(await idsOfWamids(tx, targetsOf(added)))]
  return [...addedEvents, ...(await changedEvents(tx, changedIds, candidates)), ...statusEvents]
}

function reactingOf({
  id,
  channelId,
  contactId,
  authorContactId,
  position,
  message,
}: AddedMessage): Reacting {
  const actor = message.direction === 'out' ? 'business' : `contact:${authorContactId ?? contactId}`
  return { id, channelId, actor, position, content: message.content }
}

/** The messages that edits and revocations are about. */
function targetsOf(added: AddedMessage[]): { conversationId: string; wamid: string }[] {
  return added.flatMap(({ conversationId, message }) => {
    const { kind } = message.content
    if (message.targetWamid === null || (kind !== 'edit' && kind !== 'revoke')) return []
    return [{ conversationId, wamid: message.targetWamid }]
  })
}

/**
 * Built from what was just written; only what is not known from that is read: conversations whose newest message is an
 * older one, and messages that were edited or taken back before they came, or whose file did.
 */
async function eventsOfAdded(
  tx: Transaction,
  added: AddedMessage[],
  bumped: Bumped[],
  reactions: Map<string, ReactionSnapshot>,
  withKnownFiles: string[],
): Promise<NewEvent[]> {
  const messages = new Map(added.map((one) => [one.id, addedSnapshot(one)]))
  const toRead = new Set([...(await changedBefore(tx, added)), ...withKnownFiles])
  for (const read of await messagesById(tx, [...toRead]))
    if (messages.has(read.id)) messages.set(read.id, read)
  const conversations = new Map<string, ConversationSnapshot>()
  for (const { lastMessageId, was: _, ...row } of bumped) {
    const last = messages.get(lastMessageId)
    if (last && last.edit === null && last.revokedAt === null) {
      conversations.set(row.id, conversationSnapshot(row, lastMessageOf(last)))
    }
  }
  const others = bumped.filter((one) => !conversations.has(one.id)).map((one) => one.id)
  for (const conversation of await conversationsById(tx, others))
    conversations.set(conversation.id, conversation)
  return added.map(({ id, workspaceId, channelId, conversationId }): NewEvent => {
    const message = messages.get(id)
    const conversation = conversations.get(conversationId)
    if (!message || !conversation) throw new Error('A message was stored of which nobody would be told')
    const reaction = reactions.get(id) ?? null
    const event = { type: 'message.added' as const, message, conversation, reaction }
    return { workspaceId, channelId, conversationId, event }
  })
}
