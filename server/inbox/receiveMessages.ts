import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { DeliveredMessage } from '../whatsapp/delivery.ts'
import { applyWaitingStatuses } from './applyStatuses.ts'
import { keepReactions } from './keepReactions.ts'
import type { Position } from './position.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'
import type { NewEvent } from './recordEvents.ts'
import type { ReactionSnapshot } from './snapshot.ts'
import { type AttemptStatus, isAttemptStatus, STATUS_RANK } from './statusLadder.ts'

/** A delivered message, with its place in the inbox. */
export type PlacedMessage = {
  workspaceId: string
  channelId: string
  conversationId: string
  contactId: string
  authorContactId: string | null
  position: Position
  receivedAt: Date
  message: DeliveredMessage
}

/** What comes later than this after it was sent is marked as late. */
const LATE_AFTER_MS = 60 * 60 * 1000
/** Kinds whose content says all that the payload says; the others are kept raw as well. */
const FULLY_READ_KINDS = new Set(['text', 'location', 'reaction'])

/**
 * Stores messages that came from WhatsApp and returns the events that this makes. A message whose wamid is here already
 * changes nothing at all: everything below is done for the rows that the insert gave back. The conversations are locked by
 * the caller, and so are the wamids of outgoing messages.
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
  if (added.length === 0) return []

  const statusEvents = await addAttempts(
    tx,
    added.filter((one) => one.message.direction === 'out'),
    now,
  )
  const reactions = await keepReactions(tx, added)
  await updateConversations(tx, added)
  return [...(await addedEvents(tx, added, reactions)), ...statusEvents]
}

type AddedMessage = PlacedMessage & { id: string }

/** What was sent from elsewhere was taken by WhatsApp already, or we would not hear of it. */
const statusOf = ({ direction, historyStatus }: DeliveredMessage): AttemptStatus | 'received' => {
  if (direction === 'in') return 'received'
  return historyStatus !== null && isAttemptStatus(historyStatus) ? historyStatus : 'sent'
}

async function insertMessages(tx: Transaction, candidates: AddedMessage[]): Promise<Set<string>> {
  const rows = candidates.map(({ message, receivedAt, ...place }) => ({
    ...place,
    direction: message.direction,
    type: message.type,
    status: statusOf(message),
    body: message.body,
    content: message.content,
    context: message.context,
    raw: FULLY_READ_KINDS.has(message.content.kind) ? null : message.raw,
    error: message.error,
    wamid: message.wamid,
    targetWamid: message.targetWamid,
    attempt: message.direction === 'out' ? 1 : 0,
    sentAt: message.sentAt,
    isLate: !message.isHistory && receivedAt.getTime() - message.sentAt.getTime() > LATE_AFTER_MS,
  }))
  const inserted = await tx<{ id: string }[]>`
    insert into messages (id, workspace_id, channel_id, conversation_id, author_contact_id, position, direction, type, status,
      body, content, context, raw, error, wamid, target_wamid, attempt, sent_at, is_late)
    select r.id, r."workspaceId", r."channelId", r."conversationId", r."authorContactId", r.position, r.direction, r.type, r.status,
      r.body, r.content, r.context, r.raw, r.error, r.wamid, r."targetWamid", r.attempt, r."sentAt", r."isLate"
    from ${unnest(tx, rows, {
      id: 'uuid',
      workspaceId: 'uuid',
      channelId: 'uuid',
      conversationId: 'uuid',
      contactId: 'uuid',
      authorContactId: 'uuid',
      position: 'text',
      direction: 'text',
      type: 'text',
      status: 'text',
      body: 'text',
      content: 'jsonb',
      context: 'jsonb',
      raw: 'jsonb',
      error: 'jsonb',
      wamid: 'text',
      targetWamid: 'text',
      attempt: 'integer',
      sentAt: 'timestamptz',
      isLate: 'boolean',
    })}
    on conflict (channel_id, wamid) where wamid is not null do nothing
    returning id`
  return new Set(inserted.map((row) => row.id))
}

/** What a colleague sent from the WhatsApp Business app has one attempt too, so that its ticks climb the same ladder. */
async function addAttempts(tx: Transaction, echoes: AddedMessage[], now: Date): Promise<NewEvent[]> {
  if (echoes.length === 0) return []
  const rows = echoes.map(({ id, workspaceId, channelId, message }) => {
    const status = statusOf(message)
    const rank = status === 'received' ? 0 : STATUS_RANK[status]
    return {
      attemptId: Bun.randomUUIDv7(),
      workspaceId,
      channelId,
      messageId: id,
      status,
      rank,
      wamid: message.wamid,
    }
  })
  await tx`
    insert into message_attempts (id, workspace_id, channel_id, message_id, number, status, status_rank, wamid)
    select r."attemptId", r."workspaceId", r."channelId", r."messageId", 1, r.status, r.rank, r.wamid
    from ${unnest(tx, rows, {
      attemptId: 'uuid',
      workspaceId: 'uuid',
      channelId: 'uuid',
      messageId: 'uuid',
      status: 'text',
      rank: 'smallint',
      wamid: 'text',
    })}`
  const attempts = rows.map(({ attemptId, messageId, channelId, wamid }) => ({
    attemptId,
    messageId,
    channelId,
    wamid,
  }))
  return applyWaitingStatuses(tx, attempts, now)
}

async function updateConversations(tx: Transaction, added: AddedMessage[]): Promise<void> {
  const changes = new Map<
    string,
    { id: string; unread: number; position: Position; messageId: string; inboundAt: Date | null }
  >()
  for (const { id, conversationId, position, message } of added) {
    const speaks = message.direction === 'in' && message.content.kind !== 'reaction'
    const change = changes.get(conversationId) ?? {
      id: conversationId,
      unread: 0,
      position: '',
      messageId: id,
      inboundAt: null,
    }
    if (speaks && !message.isHistory) change.unread += 1
    if (speaks && (change.inboundAt === null || message.sentAt > change.inboundAt))
      change.inboundAt = message.sentAt
    if (position > change.position) {
      change.position = position
      change.messageId = id
    }
    changes.set(conversationId, change)
  }
  await tx`
    update conversations c
    set unread_count = c.unread_count + r.unread,
        status = case when r.unread > 0 then 'open' else c.status end,
        last_message_id = case when r.position > c.last_position then r."messageId" else c.last_message_id end,
        last_position = greatest(c.last_position, r.position),
        last_inbound_at = greatest(c.last_inbound_at, r."inboundAt"),
        version = c.version + 1
    from ${unnest(tx, [...changes.values()], {
      id: 'uuid',
      unread: 'integer',
      position: 'text',
      messageId: 'uuid',
      inboundAt: 'timestamptz',
    })}
    where c.id = r.id`
}

async function addedEvents(
  tx: Transaction,
  added: AddedMessage[],
  reactions: Map<string, ReactionSnapshot>,
): Promise<NewEvent[]> {
  const conversations = await conversationsById(tx, [...new Set(added.map((one) => one.conversationId))])
  const conversationOf = new Map(conversations.map((conversation) => [conversation.id, conversation]))
  const placeOf = new Map(added.map((one) => [one.id, one]))
  const messages = await messagesById(
    tx,
    added.map((one) => one.id),
  )
  return messages.flatMap((message) => {
    const place = placeOf.get(message.id)
    const conversation = conversationOf.get(message.conversationId)
    if (!place || !conversation) return []
    const { workspaceId, channelId, conversationId } = place
    const reaction = reactions.get(message.id) ?? null
    return [
      {
        workspaceId,
        channelId,
        conversationId,
        event: { type: 'message.added' as const, message, conversation, reaction },
      },
    ]
  })
}
