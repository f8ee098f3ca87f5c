import type { MediaKind } from '../../../../server/inbox/snapshot.ts'
import { sizeInWords } from './mediaWords.ts'

const KB = 1024
const MB = 1024 * KB

/** What WhatsApp takes, by kind (Meta, "Media"). Checked before anything is uploaded; the server checks the bytes themselves. */
const RULES: Record<MediaKind, { types: readonly string[] | 'any'; mostBytes: number; name: string }> = {
  image: { types: ['image/jpeg', 'image/png'], mostBytes: 5 * MB, name: 'photos' },
  video: { types: ['video/mp4', 'video/3gpp'], mostBytes: 16 * MB, name: 'videos' },
  audio: {
    types: ['audio/aac', 'audio/mp4', 'audio/x-m4a', 'audio/mpeg', 'audio/amr', 'audio/ogg'],
    mostBytes: 16 * MB,
    name: 'audio',
  },
  sticker: { types: ['image/webp'], mostBytes: 500 * KB, name: 'stickers' },
  document: { types: 'any', mostBytes: 100 * MB, name: 'documents' },
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
  const { types, mostBytes, name } = RULES[kind]
  const base = type.split(';')[0] ?? ''
  if (size === 0) return { words: 'This file is empty.', canShrink: false, canBeDocument: false }
  const canBeDocument = kind !== 'document' && size <= RULES.document.mostBytes
  const canShrink = kind === 'image'
  if (types !== 'any' && !types.includes(base)) {
    const taken = { image: 'JPEG and PNG', video: 'MP4 and 3GP', sticker: 'WebP' }[kind as string]
    const words = `WhatsApp takes ${name}${taken ? ` as ${taken}` : ' of other types'}; this one is ${endingOf(base)}.`
    return { words, canShrink, canBeDocument }
  }
  if (size <= mostBytes) return null
  const words = `WhatsApp takes ${name} up to ${sizeInWords(mostBytes)}; this one has ${sizeInWords(size)}.`
  return { words, canShrink, canBeDocument }
}

const endingOf = (type: string) => (type.split('/')[1] ?? 'unknown').replace(/^x-/, '').toUpperCase()
