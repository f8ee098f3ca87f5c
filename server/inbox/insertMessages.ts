import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { DeliveredMessage } from '../whatsapp/delivery.ts'
import { applyWaitingStatuses } from './applyStatuses.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { fileOf, waitingFile } from './mediaFile.ts'
import type { Position } from './position.ts'
import type { MessageSnapshot } from './snapshot.ts'
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

/** `mediaId`: what its file is called here, when it brings one. */
export type AddedMessage = PlacedMessage & { id: string; mediaId: string | null }

/** What comes later than this after it was sent is marked as late. */
const LATE_AFTER_MS = 60 * 60 * 1000
/** Kinds whose content says all that the payload says; the others are kept raw as well. */
const FULLY_READ_KINDS = new Set(['text', 'location', 'reaction'])

/** What was sent from elsewhere was taken by WhatsApp already, or we would not hear of it. */
const statusOf = ({ direction, historyStatus }: DeliveredMessage): AttemptStatus | 'received' => {
  if (direction === 'in') return 'received'
  return historyStatus !== null && isAttemptStatus(historyStatus) ? historyStatus : 'sent'
}

/** A message as it was just inserted: what reading it back would give, without reading it back. */
export function addedSnapshot({
  id,
  conversationId,
  authorContactId,
  position,
  receivedAt,
  message,
  mediaId,
}: AddedMessage): MessageSnapshot {
  const file = fileOf(message)
  const { wamid, direction, type, body, content, context, error, sentAt, targetWamid, customer } = message
  return {
    id,
    conversationId,
    clientMessageId: null,
    wamid,
    direction,
    type,
    body,
    content,
    context,
    media: file === null || mediaId === null ? null : waitingFile(mediaId, file),
    status: statusOf(message),
    attempt: attemptOf(message),
    error,
    retryAt: null,
    decideAt: null,
    dismissedAt: null,
    wasDeliveredEarlier: false,
    agent: null,
    authorName: authorContactId === null ? null : (customer.name ?? customer.phone ?? customer.username),
    position,
    sentAt: sentAt.toISOString(),
    isLate: isLate(message, receivedAt),
    targetWamid,
    edit: null,
    revokedAt: null,
  }
}

const attemptOf = ({ direction }: DeliveredMessage) => (direction === 'out' ? 1 : 0)
const isLate = ({ isHistory, sentAt }: DeliveredMessage, receivedAt: Date) =>
  !isHistory && receivedAt.getTime() - sentAt.getTime() > LATE_AFTER_MS

/** Inserts those whose wamid is not here yet; returns the ids that were. */
export async function insertMessages(tx: Transaction, candidates: AddedMessage[]): Promise<Set<string>> {
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
    attempt: attemptOf(message),
    sentAt: message.sentAt,
    isLate: isLate(message, receivedAt),
  }))
  const inserted = await tx<{ id: string }[]>`
    insert into messages (id, workspace_id, channel_id, conversation_id, author_contact_id, position, direction, type, status,
      body, content, context, raw, error, wamid, target_wamid, attempt, sent_at, is_late, media_id)
    select r.id, r."workspaceId", r."channelId", r."conversationId", r."authorContactId", r.position, r.direction, r.type, r.status,
      r.body, r.content, r.context, r.raw, r.error, r.wamid, r."targetWamid", r.attempt, r."sentAt", r."isLate", r."mediaId"
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
      content: 'json',
      context: 'json',
      raw: 'json',
      error: 'json',
      wamid: 'text',
      targetWamid: 'text',
      attempt: 'integer',
      sentAt: 'timestamptz',
      isLate: 'boolean',
      mediaId: 'uuid',
    })}
    on conflict (channel_id, wamid) where wamid is not null do nothing
    returning id`
  return new Set(inserted.map((row) => row.id))
}

/** What a colleague sent from the WhatsApp Business app has one attempt too, so that its ticks climb the same ladder. */
export async function addAttempts(tx: Transaction, echoes: AddedMessage[], now: Date): Promise<NewEvent[]> {
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
