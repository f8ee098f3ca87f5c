import type { Queryable } from '../../db/client.ts'

/** The {@link MediaSnapshot} of a row `file` of the table `media`, or null where a left join found none. */
export const mediaColumn = (sql: Queryable) => sql`
  case when file.id is null then null else json_build_object(
    'id', file.id, 'kind', file.kind, 'state', file.state, 'type', coalesce(file.detected_type, file.mime_type),
    'filename', file.filename, 'sizeBytes', file.size_bytes, 'width', file.width, 'height', file.height,
    'durationSeconds', file.duration_seconds, 'waveform', file.waveform,
    'hasThumbnail', file.thumbnail_key is not null, 'failure', file.failure
  ) end as media`
