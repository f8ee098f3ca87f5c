import type { Queryable } from '../../db/client.ts'

/** A stored file that goes out with a message. */
export type FileToSend = {
  id: string
  type: string
  filename: string
  storageKey: string
  /** WhatsApp's id of it, when it was uploaded before. */
  graphId: string | null
  graphIdExpiresAt: Date | null
}

/** A file that can go out; null when its bytes are not here. One that came in has another id at WhatsApp, not for sending. */
export async function fileToSend(sql: Queryable, mediaId: string): Promise<FileToSend | null> {
  const [row] = await sql<FileToSend[]>`
    select id, coalesce(detected_type, mime_type, 'application/octet-stream') as type, coalesce(filename, kind) as filename,
      storage_key, case when direction = 'out' then graph_id end as graph_id, graph_id_expires_at
    from media where id = ${mediaId} and state = 'stored' and storage_key is not null`
  return row ?? null
}

/** Remembers WhatsApp's id of an upload, for the other messages that carry it. */
export async function keepGraphId(
  sql: Queryable,
  mediaId: string,
  graphId: string,
  expiresAt: Date,
): Promise<void> {
  await sql`
    update media set graph_id = ${graphId}, graph_id_expires_at = ${expiresAt.toISOString()}
    where id = ${mediaId} and direction = 'out'`
}
