import type { Transaction } from '../../db/client.ts'
import { enqueueJobs } from '../../db/enqueueJobs.ts'
import { unnest } from '../../db/unnest.ts'
import type { PlacedMessage } from './insertMessages.ts'
import { fetchableUntil, fileOf } from './mediaFile.ts'

/** A message that was just written, with the id that its file gets when it is new. */
export type MessageWithFile = Omit<PlacedMessage, 'position'> & { id: string; mediaId: string | null }

/** The id of the file of a message that is about to be written; null when it brings none. */
export function mediaIdFor({ message }: Pick<PlacedMessage, 'message'>): string | null {
  return fileOf(message) === null ? null : Bun.randomUUIDv7()
}

/**
 * Writes down the files that messages bring, and the jobs that fetch them, in the transaction of the messages: two statements
 * for any number, none for none. A file that is known already is used again; returns the ids of the messages for which that
 * is so, for they say something else than a file that was just heard of.
 */
export async function keepMedia(tx: Transaction, messages: readonly MessageWithFile[]): Promise<string[]> {
  const rows = messages.flatMap(({ id, mediaId, message, receivedAt, ...place }) => {
    const file = fileOf(message)
    if (file === null || mediaId === null) return []
    const { workspaceId, channelId, conversationId } = place
    const { direction } = message
    const expiresAt = fetchableUntil(receivedAt)
    return [{ messageId: id, mediaId, workspaceId, channelId, conversationId, direction, expiresAt, ...file }]
  })
  if (rows.length === 0) return []
  const added = await tx<{ id: string }[]>`
    insert into media (id, workspace_id, channel_id, conversation_id, direction, kind, state, graph_id, graph_id_expires_at,
      mime_type, filename, sha256)
    select r."mediaId", r."workspaceId", r."channelId", r."conversationId", r.direction, r.kind, 'waiting', r."graphId",
      r."expiresAt", r."mimeType", r.filename, r.sha256
    from ${unnest(tx, rows, {
      mediaId: 'uuid',
      workspaceId: 'uuid',
      channelId: 'uuid',
      conversationId: 'uuid',
      direction: 'text',
      kind: 'text',
      graphId: 'text',
      expiresAt: 'timestamptz',
      mimeType: 'text',
      filename: 'text',
      sha256: 'text',
    })}
    on conflict (channel_id, graph_id) do nothing
    returning id`
  const addedIds = new Set(added.map((row) => row.id))
  await enqueueJobs(
    tx,
    'media.download',
    [...addedIds].map((mediaId) => ({ mediaId })),
  )
  const known = rows.filter((row) => !addedIds.has(row.mediaId))
  return known.length === 0 ? [] : useKnown(tx, known)
}

async function useKnown(
  tx: Transaction,
  rows: readonly { messageId: string; channelId: string; graphId: string }[],
): Promise<string[]> {
  const pointed = await tx<{ id: string }[]>`
    update messages m set media_id = file.id
    from ${unnest(tx, rows, { messageId: 'uuid', channelId: 'uuid', graphId: 'text' })}
    join media file on file.channel_id = r."channelId" and file.graph_id = r."graphId"
    where m.id = r."messageId"
    returning m.id`
  return pointed.map((row) => row.id)
}
