import { z } from 'zod'
import { carriesSession } from '../auth/cookie.ts'
import { keepUpload } from '../inbox/keepUpload.ts'
import type { MediaSnapshot } from '../inbox/snapshot.ts'
import { inspectFile } from '../media/inspectFile.ts'
import { largestOf } from '../media/mediaLimits.ts'
import { type KeptFile, storeFile } from '../media/storeFile.ts'
import { voiceNoteOf } from '../media/voiceNote.ts'
import { safeName } from './contentDisposition.ts'
import { type MediaParts, whoAsks } from './mediaAccess.ts'
import { atPace, SLOWEST_UPLOAD, TooSlow } from './pace.ts'
import { type OpenedUpload, readUpload, tooLarge, UnusableUpload, type UploadReason } from './readUpload.ts'
import { isFromOurPage } from './sameOrigin.ts'
import { refuse } from './serveMedia.ts'

const LONGEST_FILENAME = 240
const asked = z.object({
  channelId: z.uuid(),
  kind: z.enum(['image', 'video', 'audio', 'document', 'sticker']),
  filename: z.string().trim().max(LONGEST_FILENAME).default(''),
  voice: z.enum(['0', '1']).default('0'),
})

const STATUS_OF: Record<UploadReason, number> = {
  TOO_LARGE: 413,
  WRONG_TYPE: 415,
  NOT_CONVERTIBLE: 415,
  EMPTY: 400,
}

/**
 * `POST /media`: the bytes of a file that shall go out, straight into the store. What WhatsApp would not take is refused by its
 * first bytes. The message that takes the file names its id.
 */
export async function uploadMedia(parts: MediaParts, request: Request): Promise<Response> {
  const asker = await whoAsks(parts, request, 'write', 'conversations.reply')
  if (asker === null) return refuse(401, 'NOT_SIGNED_IN', 'Please sign in.')
  const { publicUrl } = parts
  // A program with a key comes from nowhere; only a cookie is sent along without anybody's will.
  if (carriesSession(request.headers, publicUrl) && !isFromOurPage(request, publicUrl)) {
    return refuse(403, 'CROSS_SITE', 'This request did not come from a page of this inbox.')
  }
  const query = asked.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!query.success) return refuse(400, 'BAD_REQUEST', 'Say channelId, kind and filename in the address.')
  const { channelId, kind, filename, voice } = query.data
  if (!asker.reach.touches(channelId)) {
    return refuse(404, 'NOT_FOUND', 'There is no such channel, or it is not yours to answer for.')
  }
  try {
    const limit = largestOf(kind)
    if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit)
    const told = request.headers.get('content-type')
    const source = atPace(request.body ?? nothing(), parts.pace ?? SLOWEST_UPLOAD)
    const opened = await readUpload(source, { kind, isVoice: voice === '1', told })
    const { agent } = asker
    const place = { workspaceId: agent.workspaceId, channelId, agentId: agent.id, kind }
    const media = await keep(parts, opened, { ...place, filename: safeName(filename) })
    return Response.json({ media }, { status: 201, headers: { 'Cache-Control': 'no-store' } })
  } catch (error) {
    // Whoever uploaded has left, and nobody reads this: but it is no fault of ours either.
    if (request.signal.aborted) return refuse(400, 'ABORTED', 'The upload was broken off.')
    if (error instanceof TooSlow) return tooSlow()
    if (!(error instanceof UnusableUpload)) throw error
    return refuse(STATUS_OF[error.reason], error.reason, error.message)
  }
}

function tooSlow(): Response {
  const refusal = refuse(408, 'TOO_SLOW', 'The file came too slowly. Try again on a better line.')
  // The rest is not read, so nothing more can come over this connection.
  refusal.headers.set('Connection', 'close')
  return refusal
}

type Place = Pick<
  Parameters<typeof keepUpload>[1],
  'workspaceId' | 'channelId' | 'agentId' | 'kind' | 'filename'
>

async function keep(
  { sql, store, now }: MediaParts,
  opened: OpenedUpload,
  place: Place,
): Promise<MediaSnapshot> {
  const { type, bytes } = opened.isToBeConverted ? await convert(opened) : opened
  // WhatsApp believes the ending of a name rather than the type that stands beside it.
  const filename = opened.isToBeConverted ? place.filename.replace(/(\.\w{1,5})?$/, '.ogg') : place.filename
  const kept: KeptFile = await storeFile(store, bytes)
  try {
    const { key: storageKey, sizeBytes, sha256 } = kept
    const looks = await inspectFile(store, storageKey, type, sizeBytes)
    return await keepUpload(
      sql,
      { ...place, filename, detectedType: type, sizeBytes, sha256, storageKey, ...looks },
      now(),
    )
  } catch (error) {
    await store.remove(kept.key)
    throw error
  }
}

/** In memory: a recording has 16 MB at most, and mostly some hundred KB. */
async function convert({ type, bytes }: OpenedUpload): Promise<Pick<OpenedUpload, 'type' | 'bytes'>> {
  const recording = new Uint8Array(Buffer.concat(await Array.fromAsync(bytes)))
  const note = await voiceNoteOf(recording, type)
  if (note === null) {
    throw new UnusableUpload(
      'NOT_CONVERTIBLE',
      'This browser records in a way that WhatsApp does not take as a voice note, and this server can not convert it: ' +
        'ffmpeg is missing. Record with Chrome, Edge or Firefox, or attach a recording as an audio file.',
    )
  }
  return { type: 'audio/ogg', bytes: inOnePiece(note) }
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
