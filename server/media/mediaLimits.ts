import type { MediaKind } from '../inbox/snapshot.ts'

const KB = 1024
const MB = 1024 * KB

/** What WhatsApp takes as a file of each kind, and how much of it (Meta, "Media", "Supported media types"). */
export const MEDIA_LIMITS: Record<MediaKind, { types: string[] | null; bytes: number; say: string }> = {
  image: { types: ['image/jpeg', 'image/png'], bytes: 5 * MB, say: 'JPEG and PNG pictures' },
  video: { types: ['video/mp4', 'video/3gpp'], bytes: 16 * MB, say: 'MP4 and 3GP videos' },
  audio: {
    types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/amr'],
    bytes: 16 * MB,
    say: 'OGG (Opus), MP3, M4A, AAC and AMR recordings',
  },
  /** Any type; it arrives as a file to be opened. */
  document: { types: null, bytes: 100 * MB, say: 'files of any kind' },
  sticker: { types: ['image/webp'], bytes: 500 * KB, say: 'WebP stickers' },
}

/** A sticker that moves may be larger than one that does not. */
export const STILL_STICKER_BYTES = 100 * KB

/** Whether a WebP picture moves, by the flag in its extended header. */
export function isAnimatedWebp(head: Uint8Array): boolean {
  const chunk = String.fromCharCode(...head.subarray(12, 16))
  return chunk === 'VP8X' && ((head[20] ?? 0) & 0x02) !== 0
}

/** A number of bytes as people say it. */
export function sizeInWords(bytes: number): string {
  return bytes >= MB ? `${Math.round(bytes / MB)} MB` : `${Math.round(bytes / KB)} KB`
}
