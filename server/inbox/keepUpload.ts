import type { Queryable } from '../../db/client.ts'
import { mediaColumn } from './readMedia.ts'
import type { StoredFile } from './settleMedia.ts'
import type { MediaKind, MediaSnapshot } from './snapshot.ts'

/** A file that an agent uploaded for a channel, and that no message has taken yet. */
export type Upload = StoredFile & {
  workspaceId: string
  channelId: string
  agentId: string
  kind: MediaKind
  filename: string
}

/** Writes down an upload; its bytes are in the store already. */
export async function keepUpload(sql: Queryable, upload: Upload, now: Date): Promise<MediaSnapshot> {
  const waveform = upload.waveform === null ? null : JSON.stringify(upload.waveform)
  const [row] = await sql<{ media: MediaSnapshot }[]>`
    with file as (
      insert into media (id, workspace_id, channel_id, direction, kind, state, mime_type, detected_type, filename, size_bytes,
        sha256, storage_key, thumbnail_key, width, height, duration_seconds, waveform, uploaded_by, stored_at)
      values (${Bun.randomUUIDv7()}, ${upload.workspaceId}, ${upload.channelId}, 'out', ${upload.kind}, 'stored',
        ${upload.detectedType}, ${upload.detectedType}, ${upload.filename}, ${upload.sizeBytes}, ${upload.sha256},
        ${upload.storageKey}, ${upload.thumbnailKey}, ${upload.width}, ${upload.height}, ${upload.durationSeconds},
        ${waveform}::text::json, ${upload.agentId}, ${now.toISOString()})
      returning *
    )
    select ${mediaColumn(sql)} from file`
  if (!row) throw new Error('An upload was not written down')
  return row.media
}
