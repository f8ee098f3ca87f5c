import { type MediaFile, mediaInReach } from '../inbox/readMedia.ts'
import { byteRange } from './byteRange.ts'
import { contentDisposition } from './contentDisposition.ts'
import { type MediaParts, whoAsks } from './mediaAccess.ts'

/**
 * What a browser may show by itself. Everything else is kept as a file: pages and SVG can run scripts, PDF readers do not work in a
 * sandbox, and of the rest nobody knows.
 */
const SHOWN = new Set([
  ...['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif'],
  ...[
    'audio/ogg',
    'audio/mpeg',
    'audio/mp4',
    'audio/aac',
    'audio/amr',
    'audio/wav',
    'audio/flac',
    'audio/webm',
  ],
  ...['video/mp4', 'video/webm', 'video/3gpp', 'video/ogg', 'video/quicktime'],
  'text/plain',
])
/** Not even as a file under their own type: what opens them would run them. */
const DISGUISED = new Set(['text/html', 'image/svg+xml', 'application/xml'])
/** The bytes of an id never change, but who may see them does. */
const KEPT_BY_BROWSERS = 'private, max-age=86400'
const NOTHING_MAY_RUN = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** `GET /media/{id}`: a file, or a range of it, for those who may see its conversation. To others it is not there. */
export async function serveMedia(parts: MediaParts, id: string, request: Request): Promise<Response> {
  const asker = await whoAsks(parts, request, 'read', 'conversations.read')
  if (asker === null) return refuse(401, 'NOT_SIGNED_IN', 'Please sign in.')
  const file = UUID.test(id) ? await mediaInReach(parts.sql, id, asker.reach) : null
  if (file === null) return refuse(404, 'NOT_FOUND', 'There is no such file, or it is not yours to see.')
  const { state, failure } = file.snapshot
  if (state !== 'stored') return refuse(409, 'NOT_STORED', 'This file is not here yet.', { state, failure })
  const asked = new URL(request.url).searchParams
  const view =
    asked.get('thumbnail') === '1' ? thumbnailOf(file) : wholeOf(file, asked.get('download') === '1')
  if (view === null) return refuse(404, 'NO_THUMBNAIL', 'There is no small picture of this file.')
  const sizeBytes = await parts.store.size(view.key)
  if (sizeBytes === null) {
    parts.log.error({ mediaId: id }, 'the bytes of a stored file are gone')
    return refuse(404, 'GONE', 'This file was removed from the store.')
  }
  return answer(parts, view, sizeBytes, request)
}

type View = { key: string; etag: string; type: string; disposition: string }

function wholeOf({ snapshot, storageKey, sha256 }: MediaFile, isDownload: boolean): View | null {
  if (storageKey === null) return null
  const type = snapshot.type ?? 'application/octet-stream'
  const how = SHOWN.has(type) && !isDownload ? 'inline' : 'attachment'
  const filename = snapshot.filename ?? `${snapshot.kind}-${snapshot.id.slice(-8)}${extensionOf(type)}`
  return {
    key: storageKey,
    etag: `"${sha256 ?? snapshot.id}"`,
    type: DISGUISED.has(type)
      ? 'application/octet-stream'
      : type === 'text/plain'
        ? `${type}; charset=utf-8`
        : type,
    disposition: contentDisposition(how, filename),
  }
}

function thumbnailOf({ snapshot, thumbnailKey, storageKey, sha256 }: MediaFile): View | null {
  if (thumbnailKey === null || storageKey === null) return null
  const disposition = contentDisposition('inline', `${snapshot.id.slice(-8)}-small.webp`)
  return { key: thumbnailKey, etag: `"${sha256 ?? snapshot.id}-small"`, type: 'image/webp', disposition }
}

function answer({ store }: MediaParts, view: View, sizeBytes: number, request: Request): Response {
  const headers = new Headers({
    'Content-Type': view.type,
    'Content-Disposition': view.disposition,
    'Content-Security-Policy': NOTHING_MAY_RUN,
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': KEPT_BY_BROWSERS,
    'Accept-Ranges': 'bytes',
    ETag: view.etag,
  })
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (known.some((tag) => tag.trim().replace(/^W\//, '') === view.etag)) {
    return new Response(null, { status: 304, headers })
  }
  // `If-Range`: a part is of use only to whoever has the rest of the very same file.
  const condition = request.headers.get('if-range')
  const mayBePart = condition === null || condition === view.etag
  const range = mayBePart ? byteRange(request.headers.get('range'), sizeBytes) : null
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${sizeBytes}`)
    headers.set('Cache-Control', 'no-store')
    return new Response(null, { status: 416, headers })
  }
  const { start, end } = range ?? { start: 0, end: sizeBytes }
  headers.set('Content-Length', String(end - start))
  if (range) headers.set('Content-Range', `bytes ${start}-${end - 1}/${sizeBytes}`)
  const body = request.method === 'HEAD' ? null : store.read(view.key, range ?? undefined)
  return new Response(body, { status: range ? 206 : 200, headers })
}

function extensionOf(type: string): string {
  const known: Record<string, string> = {
    'image/jpeg': '.jpg',
    'audio/mpeg': '.mp3',
    'audio/mp4': '.m4a',
    'video/3gpp': '.3gp',
    'video/quicktime': '.mov',
    'text/plain': '.txt',
    'application/octet-stream': '',
  }
  const subtype = type.split('/')[1] ?? ''
  return known[type] ?? (/^[a-z0-9]{2,4}$/.test(subtype) ? `.${subtype}` : '')
}

/** An answer in words, and in one stable word. Never kept: a file that is not here now may be here in a moment. */
export function refuse(
  status: number,
  reason: string,
  error: string,
  more: Record<string, unknown> = {},
): Response {
  return Response.json({ error, reason, ...more }, { status, headers: { 'Cache-Control': 'no-store' } })
}
