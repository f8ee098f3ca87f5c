import type { MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MediaFailure } from '../../../../server/whatsapp/mediaFailure.ts'
import { pageLocale } from '../words/language.ts'

const KB = 1024
const MB = 1024 * KB
const number = new Intl.NumberFormat(pageLocale())

/** `640 KB`, `7.2 MB`. */
export function sizeInWords(bytes: number): string {
  if (bytes < KB) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  if (bytes < MB) return `${Math.round(bytes / KB)} KB`
  const megabytes = bytes / MB
  return `${number.format(megabytes < 10 ? Math.round(megabytes * 10) / 10 : Math.round(megabytes))} MB`
}

/** `0:34`, `1:02:03`. */
export function durationInWords(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const tail = String(rest).padStart(2, '0')
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`
}

/** `PDF`, `XLSX`: of the name where it says so, else of the type. */
export function formatInWords(type: string | null, filename: string | null): string | null {
  const ending = /\.([a-z0-9]{1,5})$/i.exec(filename ?? '')?.[1]
  if (ending) return ending.toUpperCase()
  return type?.split(';')[0]?.split('/')[1]?.replace(/^x-/, '').slice(0, 12).toUpperCase() ?? null
}

/** Why it could not be fetched, in the words that an agent needs; by the server's stable word. */
const FAILURES: Partial<Record<string, string>> = {
  UNREACHABLE: 'WhatsApp could not be reached.',
  TIMED_OUT: 'WhatsApp took too long.',
  WHATSAPP_ERROR: 'WhatsApp had a fault of its own.',
  TOKEN_REFUSED: 'WhatsApp refused the channel’s access. An administrator has to look at it.',
  ADDRESS_EXPIRED: 'WhatsApp took too long.',
  WRONG_LENGTH: 'It arrived damaged.',
  WRONG_DIGEST: 'It arrived damaged.',
  NOT_STORED: 'This server could not store it. An administrator has to look at it.',
  NOT_FOUND: 'WhatsApp does not know this file. Ask the customer to send it again.',
  TOO_LARGE: 'It is larger than this inbox takes. Ask for a smaller one.',
  FORBIDDEN_ADDRESS: 'It lies at an address from which nothing is fetched.',
  REDIRECTED: 'It lies at an address from which nothing is fetched.',
} satisfies Partial<Record<MediaFailure, string>>

export type MediaStateWords = { words: string; canRetry: boolean }

/** What is happening to a file that is not here; null when it is. */
export function stateInWords(media: MediaSnapshot | null): MediaStateWords | null {
  if (media === null) return { words: 'This file is not available.', canRetry: false }
  if (media.state === 'stored') return null
  if (media.state === 'expired') {
    const words = 'WhatsApp has deleted it: it keeps files for seven days. Ask the customer to send it again.'
    return { words, canRetry: false }
  }
  const why = FAILURES[media.failure ?? ''] ?? ''
  if (media.state === 'failed') return { words: `It could not be fetched. ${why}`.trim(), canRetry: true }
  if (why) return { words: `${why} It is tried again by itself.`, canRetry: true }
  return { words: 'Is being fetched from WhatsApp…', canRetry: false }
}

/** Where the browser finds it. */
export const mediaUrl = (id: string) => `/media/${id}`
export const thumbnailUrl = (id: string) => `/media/${id}?thumbnail=1`
export const downloadUrl = (id: string) => `/media/${id}?download=1`
