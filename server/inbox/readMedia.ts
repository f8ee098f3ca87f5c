import type { Queryable } from '../../db/client.ts'
import { hangsInReach, type Reach } from './policy.ts'
import type { MediaSnapshot } from './snapshot.ts'

/** The {@link MediaSnapshot} of a row `file` of the table `media`, or null where a left join found none. */
export const mediaColumn = (sql: Queryable) => sql`
  case when file.id is null then null else json_build_object(
    'id', file.id, 'kind', file.kind, 'state', file.state, 'type', coalesce(file.detected_type, file.mime_type),
    'filename', file.filename, 'sizeBytes', file.size_bytes, 'width', file.width, 'height', file.height,
    'durationSeconds', file.duration_seconds, 'waveform', file.waveform,
    'hasThumbnail', file.thumbnail_key is not null, 'failure', file.failure
  ) end as media`

/** A file with where its bytes are. */
export type MediaFile = {
  snapshot: MediaSnapshot
  channelId: string
  storageKey: string | null
  thumbnailKey: string | null
  sha256: string | null
  graphIdExpiresAt: Date | null
}

/** A file whose conversation is within reach, or which the agent uploaded and has not sent yet; null otherwise, so that nobody learns whether it exists. */
export async function mediaInReach(sql: Queryable, mediaId: string, reach: Reach): Promise<MediaFile | null> {
  const [row] = await sql<(Omit<MediaFile, 'snapshot'> & { media: MediaSnapshot })[]>`
    select ${mediaColumn(sql)}, file.channel_id, file.storage_key, file.thumbnail_key, file.sha256, file.graph_id_expires_at
    from media file where file.id = ${mediaId} and (${hangsInReach(sql, reach, 'file')}
      or file.conversation_id is null and file.uploaded_by = ${reach.agentId}
        and file.channel_id = any(${reach.channelIds}::uuid[]))`
  if (!row) return null
  const { media: snapshot, ...file } = row
  return { snapshot, ...file }
}
