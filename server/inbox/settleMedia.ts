import type { Queryable, Transaction } from '../../db/client.ts'
import { commitWithEvents, type NewEvent } from './commitWithEvents.ts'
import { lockConversations } from './lockConversations.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'

/** A file that is being fetched, with what its message told of it. */
export type ClaimedMedia = {
  id: string
  workspaceId: string
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker'
  graphId: string
  /** Until when WhatsApp keeps it. */
  graphIdExpiresAt: Date
  sha256: string | null
  /** As its message says. */
  mimeType: string | null
  phoneNumberId: string
  /** How often it was tried, this time included. */
  attempts: number
}

/** What is known of a file once its bytes are here. */
export type StoredFile = {
  detectedType: string
  sizeBytes: number
  sha256: string
  storageKey: string
  thumbnailKey: string | null
  width: number | null
  height: number | null
  durationSeconds: number | null
  waveform: number[] | null
}

/** `waiting`: it did not work, and will be tried again. `failure` is a stable word, `detail` for whoever looks closer. */
export type MediaOutcome =
  | { state: 'stored'; file: StoredFile }
  | { state: 'waiting' | 'failed' | 'expired'; failure: string; detail: string }

/**
 * Takes a file that came in to be fetched; null when there is nothing to fetch. One that somebody fetches already is given
 * out again, for they may have died: whoever comes first with the bytes stores them.
 */
export async function claimMedia(sql: Queryable, mediaId: string): Promise<ClaimedMedia | null> {
  const [row] = await sql<ClaimedMedia[]>`
    update media file set state = 'fetching', attempts = file.attempts + 1
    from channels channel
    where file.id = ${mediaId} and channel.id = file.channel_id
      and file.state in ('waiting', 'fetching') and file.graph_id is not null
    returning file.id, file.workspace_id, file.kind, file.graph_id, file.graph_id_expires_at, file.sha256, file.mime_type,
      channel.phone_number_id, file.attempts`
  return row ?? null
}

/**
 * Writes down what came of fetching a file, and tells everybody who may see its messages when that is news. False when it
 * was settled already, by another who fetched it too: then the bytes that one brings are needed no more.
 */
export async function settleMedia(
  tx: Transaction,
  mediaId: string,
  outcome: MediaOutcome,
  now: Date,
): Promise<boolean> {
  await lockConversations(tx, await conversationsOf(tx, mediaId))
  // Bytes are welcome whatever another try came to meanwhile; a failure says something of its own try only.
  const from = outcome.state === 'stored' ? ['waiting', 'fetching', 'failed', 'expired'] : ['fetching']
  const [before] = await tx<{ failure: string | null }[]>`
    select failure from media where id = ${mediaId} and state = any(${from}) for no key update`
  if (!before) return false
  if (outcome.state === 'stored') await keepFile(tx, mediaId, outcome.file, now)
  else {
    await tx`
      update media set state = ${outcome.state}, failure = ${outcome.failure}, failure_detail = ${outcome.detail}
      where id = ${mediaId}`
  }
  // What is tried again every hour for a week says so once.
  const isNews = outcome.state !== 'waiting' || before.failure !== outcome.failure
  if (isNews) commitWithEvents(tx, await changesWith(tx, mediaId))
  return true
}

async function keepFile(tx: Transaction, mediaId: string, file: StoredFile, now: Date): Promise<void> {
  const { width, height, durationSeconds, waveform } = file
  await tx`
    update media set state = 'stored', failure = null, failure_detail = null, stored_at = ${now.toISOString()},
      detected_type = ${file.detectedType}, size_bytes = ${file.sizeBytes}, sha256 = ${file.sha256},
      storage_key = ${file.storageKey}, thumbnail_key = ${file.thumbnailKey}, width = ${width}, height = ${height},
      duration_seconds = ${durationSeconds}, waveform = ${waveform === null ? null : JSON.stringify(waveform)}::text::json
    where id = ${mediaId}`
}

/** The conversations in which a file is shown. */
export async function conversationsOf(tx: Transaction, mediaId: string): Promise<string[]> {
  const rows = await tx<{ conversationId: string }[]>`
    select distinct conversation_id from messages where media_id = ${mediaId}`
  return rows.map((row) => row.conversationId)
}

/** The events of the messages that show a file. Their conversations are locked. */
export async function changesWith(tx: Transaction, mediaId: string): Promise<NewEvent[]> {
  const rows = await tx<{ id: string; workspaceId: string; channelId: string }[]>`
    select id, workspace_id, channel_id from messages where media_id = ${mediaId}`
  const messages = await messagesById(
    tx,
    rows.map((row) => row.id),
  )
  const conversations = await conversationsById(tx, [...new Set(messages.map((one) => one.conversationId))])
  return rows.map(({ id, workspaceId, channelId }): NewEvent => {
    const message = messages.find((one) => one.id === id)
    const conversation = conversations.find((one) => one.id === message?.conversationId)
    if (!message || !conversation) throw new Error('A file was settled of which nobody would be told')
    const event = { type: 'message.changed' as const, message, conversation }
    return { workspaceId, channelId, conversationId: conversation.id, event }
  })
}
