import type { MediaRecord } from '../entry.ts'

const megabyte = 1024 * 1024
const kilobyte = 1024

export const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const
export type MediaKind = (typeof mediaKinds)[number]

/** What each kind of message may carry; a document may be anything that can be uploaded. */
const typesOf: Record<Exclude<MediaKind, 'document'>, readonly string[]> = {
  image: ['image/jpeg', 'image/png'],
  video: ['video/mp4', 'video/3gpp'],
  audio: ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg', 'audio/opus'],
  sticker: ['image/webp'],
}

/** Meta's list, in the order of its error message. */
export const uploadTypes: readonly string[] = [
  ...typesOf.audio,
  'application/vnd.ms-powerpoint',
  'application/msword',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/pdf',
  'text/plain',
  'application/vnd.ms-excel',
  ...typesOf.image,
  ...typesOf.sticker,
  ...typesOf.video,
]

const sizeLimits: readonly [prefix: string, bytes: number][] = [
  ['image/webp', 500 * kilobyte],
  ['image/', 5 * megabyte],
  ['video/', 16 * megabyte],
  ['audio/', 16 * megabyte],
  ['', 100 * megabyte],
]
const stillStickerBytes = 100 * kilobyte

/** The type without its parameters: `audio/ogg` of `audio/ogg; codecs=opus`. */
export function baseType(mimeType: string): string {
  return mimeType.split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** The most bytes that a file of this type may have. */
export function largestSize(mimeType: string): number {
  return sizeLimits.find(([prefix]) => mimeType.startsWith(prefix))?.[1] ?? 0
}

/** Why WhatsApp cannot send this file as this kind of message (131053, told later); undefined when it can. */
export function mediaProblem(kind: MediaKind, media: MediaRecord, isVoice: boolean): string | undefined {
  const type = baseType(media.mimeType)
  if (kind !== 'document' && !typesOf[kind].includes(type)) {
    return `Unsupported ${kind} type ${type}. Please use one of ${typesOf[kind].join(', ')}.`
  }
  if (kind === 'sticker' && media.isAnimated !== true && media.sizeBytes > stillStickerBytes) {
    return 'A static sticker must be at most 100 KB.'
  }
  if (type === 'audio/ogg' && media.opusChannels === undefined) {
    return 'Audio file uploaded with mimetype as audio/ogg, however on processing it is of type application/octet-stream.'
  }
  if (!isVoice) return undefined
  if (type !== 'audio/ogg') return `A voice message must be audio/ogg with the opus codec, not ${type}.`
  return media.opusChannels === 1 ? undefined : 'A voice message must have one channel (mono).'
}
