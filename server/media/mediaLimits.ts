import type { MediaKind } from '../inbox/snapshot.ts'

const KB = 1024
const MB = 1024 * KB

const IMAGES = ['image/jpeg', 'image/png']
const VIDEOS = ['video/mp4', 'video/3gpp']
const SOUNDS = ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/amr']
const STICKERS = ['image/webp']
const OFFICE = [
  'application/pdf',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'text/plain',
]

/** What WhatsApp takes as a file of each kind (Meta, "Media", "Supported media types"). */
export const TAKEN: Record<MediaKind, { types: string[]; say: string }> = {
  image: { types: IMAGES, say: 'JPEG and PNG pictures' },
  video: { types: VIDEOS, say: 'MP4 and 3GP videos' },
  audio: { types: SOUNDS, say: 'OGG (Opus), MP3, M4A, AAC and AMR recordings' },
  document: {
    types: [...OFFICE, ...IMAGES, ...VIDEOS, ...SOUNDS, ...STICKERS],
    say: 'PDF, text, Word, Excel and PowerPoint files, pictures, videos and recordings',
  },
  sticker: { types: STICKERS, say: 'WebP stickers' },
}

/** The most bytes of a file, which goes by what it is, also when it is sent as a document. */
const LARGEST: [RegExp, number][] = [
  [/^image\/webp/, 500 * KB],
  [/^image\//, 5 * MB],
  [/^(video|audio)\//, 16 * MB],
  [/^/, 100 * MB],
]
const STILL_STICKER_BYTES = 100 * KB

/** The most bytes that WhatsApp takes of a file that begins so. */
export function largestUpload(kind: MediaKind, type: string, head: Uint8Array): number {
  if (kind === 'sticker' && !isAnimatedWebp(head)) return STILL_STICKER_BYTES
  return LARGEST.find(([beginning]) => beginning.test(type))?.[1] ?? 0
}

/** The most bytes of any file of this kind. */
export function largestOf(kind: MediaKind): number {
  return kind === 'document' ? 100 * MB : kind === 'image' ? 5 * MB : kind === 'sticker' ? 500 * KB : 16 * MB
}

/** As what a file goes to WhatsApp, which knows one type of text: a list of values is as good as a letter. */
export function typeForWhatsApp(type: string): string {
  return /^text\/|^application\/json$/.test(type) && type !== 'text/html' ? 'text/plain' : type
}

/** Whether a WebP picture moves, by the flag in its extended header. */
function isAnimatedWebp(head: Uint8Array): boolean {
  const chunk = String.fromCharCode(...head.subarray(12, 16))
  return chunk === 'VP8X' && ((head[20] ?? 0) & 0x02) !== 0
}

/** A number of bytes as people say it. */
export function sizeInWords(bytes: number): string {
  return bytes >= MB ? `${Math.round(bytes / MB)} MB` : `${Math.round(bytes / KB)} KB`
}
