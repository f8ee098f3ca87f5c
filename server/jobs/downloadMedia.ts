import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { hexDigest } from '../inbox/mediaFile.ts'
import { type ClaimedMedia, claimMedia, type MediaOutcome, settleMedia } from '../inbox/settleMedia.ts'
import type { Ringer } from '../live/bell.ts'
import { detectType } from '../media/detectType.ts'
import { inspectFile } from '../media/inspectFile.ts'
import { type KeptFile, storeFile } from '../media/storeFile.ts'
import type { MediaStore } from '../storage/mediaStore.ts'
import type { TokenOf } from '../whatsapp/accessToken.ts'
import { type DownloadOptions, downloadFile } from '../whatsapp/downloadFile.ts'
import type { DescribedFile, GraphMedia } from '../whatsapp/graphMedia.ts'
import { MEDIA_FAILURES, NotFetched } from '../whatsapp/mediaFailure.ts'

export type DownloadParts = {
  sql: Sql
  store: MediaStore
  graph: GraphMedia
  download: Omit<DownloadOptions, 'signal' | 'accessToken'>
  tokenOf: TokenOf
  bell: Ringer
  log: Logger
  now(): Date
}

/** The bytes differ from those that were sent: once or twice that is the line's fault, then it is the file's. */
const MOST_WRONG_DIGESTS = 3

/**
 * Fetches a file that came with a message into the store, in one try. Twice at the same time, or again after it worked, does
 * no harm. What may pass is thrown, so that the job comes again, later each time; what may not is written down as the end.
 *
 * @throws NotFetched when it shall be tried again
 */
export async function downloadMedia(
  parts: DownloadParts,
  mediaId: string,
  signal: AbortSignal,
): Promise<void> {
  const { sql, log, bell, store, now } = parts
  const media = await claimMedia(sql, mediaId)
  if (media === null) return
  let failure: NotFetched | null = null
  const outcome = await fetchInto(parts, media, signal).catch((error: unknown): MediaOutcome => {
    if (signal.aborted) throw error // it was not the file's fault, and is not written down as such
    failure = error instanceof NotFetched ? error : new NotFetched('NOT_STORED', reasonOf(error))
    return afterFailure(failure, media, now())
  })
  const isNews = await repeatable(sql, (tx) => settleMedia(tx, mediaId, outcome, now()))
  if (!isNews && outcome.state === 'stored') await removeFile(store, outcome.file)
  if (isNews) bell.ring('events', media.workspaceId)
  const facts =
    outcome.state === 'stored'
      ? { bytes: outcome.file.sizeBytes }
      : { failure: outcome.failure, reason: outcome.detail }
  log.info({ mediaId, attempts: media.attempts, state: outcome.state, ...facts }, 'file tried')
  if (failure !== null && outcome.state === 'waiting') throw failure
}

async function fetchInto(
  parts: DownloadParts,
  media: ClaimedMedia,
  signal: AbortSignal,
): Promise<MediaOutcome> {
  const { graph, store, download, tokenOf, now } = parts
  if (media.graphIdExpiresAt <= now()) throw new NotFetched('EXPIRED', 'WhatsApp keeps files for seven days')
  // Asked anew for each try: the address lives five minutes.
  const described = await graph.describe(media.graphId, media.phoneNumberId, signal)
  const accessToken = await tokenOf(media)
  const kept = await storeFile(store, await downloadFile(described.url, { ...download, accessToken, signal }))
  try {
    checkFile(kept, described, media)
    const detectedType = detectType(kept.head, media.mimeType)
    const looks = await inspectFile(store, kept.key, detectedType, kept.sizeBytes)
    const { key: storageKey, sizeBytes, sha256 } = kept
    return { state: 'stored', file: { detectedType, sizeBytes, sha256, storageKey, ...looks } }
  } catch (error) {
    await store.remove(kept.key)
    throw error
  }
}

/** Whether the bytes are those that were sent: by their number, and by both digests, in whichever encoding they came. */
function checkFile({ sizeBytes, sha256 }: KeptFile, described: DescribedFile, media: ClaimedMedia): void {
  if (described.sizeBytes !== null && described.sizeBytes !== sizeBytes) {
    throw new NotFetched('WRONG_LENGTH', `${described.sizeBytes} bytes were announced, ${sizeBytes} came`)
  }
  const expected = [media.sha256, described.sha256 && hexDigest(described.sha256)]
  if (expected.some((digest) => digest !== null && digest !== sha256)) {
    throw new NotFetched('WRONG_DIGEST', 'The bytes are not those that were sent')
  }
}

function afterFailure(
  { failure, message: detail }: NotFetched,
  media: ClaimedMedia,
  now: Date,
): MediaOutcome {
  const isOver = media.graphIdExpiresAt <= now
  if (isOver) return { state: 'expired', failure, detail }
  const isHopeless = failure === 'WRONG_DIGEST' && media.attempts >= MOST_WRONG_DIGESTS
  return { state: MEDIA_FAILURES[failure].passes && !isHopeless ? 'waiting' : 'failed', failure, detail }
}

async function removeFile(
  store: MediaStore,
  file: { storageKey: string; thumbnailKey: string | null },
): Promise<void> {
  await store.remove(file.storageKey)
  if (file.thumbnailKey !== null) await store.remove(file.thumbnailKey)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
