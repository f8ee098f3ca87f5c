import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { type FileToSend, fileToSend, keepGraphId } from '../inbox/fileToSend.ts'
import { waitFor } from '../live/wait.ts'
import { typeForWhatsApp } from '../media/mediaLimits.ts'
import { lightly } from '../storage/lightly.ts'
import type { MediaStore } from '../storage/mediaStore.ts'
import type { GraphMedia, UploadOutcome } from '../whatsapp/graphMedia.ts'

export type OutgoingFiles = {
  /**
   * WhatsApp's id of a file, uploaded first when it has none. `later`: our store is away, or the upload takes longer than a claim
   * may be held; then it goes on, and whoever asks again finds it further. Whatever comes of it, no message has left.
   */
  graphIdOf(fileId: string, phoneNumberId: string): Promise<FileOutcome>
  /** Breaks off what is under way. */
  close(): Promise<void>
}

export type FileOutcome = UploadOutcome | { later: string }

export type OutgoingFilesParts = {
  sql: Sql
  store: MediaStore
  graph: GraphMedia
  log: Logger
  now(): Date
  /** How long a claim waits for an upload. */
  patienceMs?: number
}

/** Well below the lease of a claim (`expire.ts`), within which the message itself has to go out too. */
const PATIENCE_MS = 10_000
/** WhatsApp keeps uploads for 30 days (Meta, "Media"); the last day is left to messages that wait in line. */
const USED_FOR_MS = 29 * 24 * 60 * 60 * 1000
/** "Media upload error" (shared facts §3.1): final for the message, and its words say what to do. */
const UPLOAD_ERROR = 131053

/** The files of outgoing messages at WhatsApp. One that several messages carry is uploaded once. */
export function createOutgoingFiles(parts: OutgoingFilesParts): OutgoingFiles {
  const { sql, now, patienceMs = PATIENCE_MS } = parts
  const uploads = new Map<string, Promise<FileOutcome>>()
  const leaving = new AbortController()

  return {
    async graphIdOf(fileId, phoneNumberId) {
      const file = await fileToSend(sql, fileId)
      if (file === null) return gone('The file of this message is not here any more')
      const { graphId, graphIdExpiresAt } = file
      if (graphId !== null && graphIdExpiresAt !== null && graphIdExpiresAt > now()) return { graphId }
      const upload =
        uploads.get(fileId) ??
        uploadFile(parts, file, phoneNumberId, leaving.signal).finally(() => uploads.delete(fileId))
      uploads.set(fileId, upload)
      const late = waitFor(patienceMs, leaving.signal).then(() => ({ later: 'the upload goes on' }))
      return Promise.race([upload, late])
    },
    async close() {
      leaving.abort()
      await Promise.allSettled(uploads.values())
    },
  }
}

async function uploadFile(
  { sql, store, graph, log, now }: OutgoingFilesParts,
  file: FileToSend,
  phoneNumberId: string,
  signal: AbortSignal,
): Promise<FileOutcome> {
  const startedAt = performance.now()
  try {
    const sizeBytes = await store.size(file.storageKey)
    if (sizeBytes === null) return gone('The file of this message was removed from the store')
    const bytes = lightly(new Response(store.read(file.storageKey)).body ?? new ReadableStream())
    const outcome = await graph.upload(
      { ...file, type: typeForWhatsApp(file.type), phoneNumberId, sizeBytes, bytes },
      signal,
    )
    const ms = Math.round(performance.now() - startedAt)
    log.info({ mediaId: file.id, bytes: sizeBytes, ms, ...loggable(outcome) }, 'file uploaded')
    if ('graphId' in outcome) {
      await keepGraphId(sql, file.id, outcome.graphId, new Date(now().getTime() + USED_FOR_MS))
    }
    return outcome
  } catch (error) {
    // The store or the database is away. The upload may have worked, and costs nothing but itself when it is repeated.
    log.warn({ err: error, mediaId: file.id }, 'a file could not be uploaded')
    return { later: error instanceof Error ? error.message : String(error) }
  }
}

function gone(title: string): UploadOutcome {
  return { refused: { code: UPLOAD_ERROR, title, details: null } }
}

function loggable(outcome: UploadOutcome): { outcome: string; code?: number; reason?: string } {
  if ('graphId' in outcome) return { outcome: 'uploaded' }
  if ('refused' in outcome) return { outcome: 'refused', code: outcome.refused.code }
  return { outcome: 'unreached', reason: outcome.unreached }
}
