import type { MediaKind } from '../../../../server/inbox/snapshot.ts'
import { sizeInWords } from './mediaWords.ts'

const KB = 1024
const MB = 1024 * KB

/** What WhatsApp takes, by kind (Meta, "Media"). Checked before anything is uploaded; the server checks the bytes themselves. */
const RULES: Record<MediaKind, { types: readonly string[] | 'any'; mostBytes: number }> = {
  image: { types: ['image/jpeg', 'image/png'], mostBytes: 5 * MB },
  video: { types: ['video/mp4', 'video/3gpp'], mostBytes: 16 * MB },
  audio: {
    types: ['audio/aac', 'audio/mp4', 'audio/x-m4a', 'audio/mpeg', 'audio/amr', 'audio/ogg'],
    mostBytes: 16 * MB,
  },
  sticker: { types: ['image/webp'], mostBytes: 500 * KB },
  document: { types: 'any', mostBytes: 100 * MB },
}

export type FileFacts = { type: string; size: number }

/** What is in the way of a file, and what would help. */
export type FileTrouble = {
  words: string
  /** A photo that this browser can make smaller, or turn into a JPEG. */
  canShrink: boolean
  canBeDocument: boolean
}

/** As what a file goes out when nobody says otherwise: what the customer can look at or play, else a document. */
export function kindOf({ type }: FileFacts): MediaKind {
  const base = type.split(';')[0] ?? ''
  if (base.startsWith('image/') && base !== 'image/svg+xml') return 'image'
  if (RULES.video.types.includes(base)) return 'video'
  if (RULES.audio.types.includes(base)) return 'audio'
  return 'document'
}

/** Why WhatsApp would not take it as this kind; null when it would. */
export function fileTrouble(kind: MediaKind, { type, size }: FileFacts): FileTrouble | null {
  const { types, mostBytes } = RULES[kind]
  const base = type.split(';')[0] ?? ''
  if (size === 0) return { words: 'This file is empty.', canShrink: false, canBeDocument: false }
  const canBeDocument = kind !== 'document' && size <= RULES.document.mostBytes
  const canShrink = kind === 'image'
  if (types !== 'any' && !types.includes(base)) {
    return { words: WRONG_TYPE[kind](endingOf(base)), canShrink, canBeDocument }
  }
  if (size <= mostBytes) return null
  const words = TOO_LARGE[kind](sizeInWords(mostBytes), sizeInWords(size))
  return { words, canShrink, canBeDocument }
}

const WRONG_TYPE: Record<MediaKind, (type: string) => string> = {
  image: (type) => `WhatsApp takes photos as JPEG and PNG; this one is ${type}.`,
  video: (type) => `WhatsApp takes videos as MP4 and 3GP; this one is ${type}.`,
  audio: (type) => `WhatsApp takes audio of other types; this one is ${type}.`,
  sticker: (type) => `WhatsApp takes stickers as WebP; this one is ${type}.`,
  document: (type) => `WhatsApp takes documents of other types; this one is ${type}.`,
}

const TOO_LARGE: Record<MediaKind, (most: string, size: string) => string> = {
  image: (most, size) => `WhatsApp takes photos up to ${most}; this one has ${size}.`,
  video: (most, size) => `WhatsApp takes videos up to ${most}; this one has ${size}.`,
  audio: (most, size) => `WhatsApp takes audio up to ${most}; this one has ${size}.`,
  sticker: (most, size) => `WhatsApp takes stickers up to ${most}; this one has ${size}.`,
  document: (most, size) => `WhatsApp takes documents up to ${most}; this one has ${size}.`,
}

const endingOf = (type: string) => (type.split('/')[1] ?? 'unknown').replace(/^x-/, '').toUpperCase()
