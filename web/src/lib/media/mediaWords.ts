import type { MediaSnapshot } from '../../../../server/inbox/snapshot.ts'

const KB = 1024
const MB = 1024 * KB

/** `640 KB`, `7.2 MB`. */
export function sizeInWords(bytes: number): string {
  if (bytes < KB) return bytes === 1 ? '1 byte' : `${bytes} bytes`
  if (bytes < MB) return `${Math.round(bytes / KB)} KB`
  const megabytes = bytes / MB
  return `${megabytes < 10 ? Math.round(megabytes * 10) / 10 : Math.round(megabytes)} MB`
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
const FAILURES: Record<string, string> = {
  too_large: 'It is larger than this inbox takes.',
  wrong_digest: 'It arrived damaged.',
  forbidden: 'WhatsApp did not hand it out. An administrator has to look at the channel.',
  timeout: 'WhatsApp took too long.',
  unreachable: 'WhatsApp could not be reached.',
}

export type MediaStateWords = { words: string; canRetry: boolean }

/** What is happening to a file that is not here; null when it is. */
export function stateInWords(media: MediaSnapshot | null): MediaStateWords | null {
  if (media === null) return { words: 'Not available', canRetry: false }
  if (media.state === 'stored') return null
  if (media.state === 'expired')
    return { words: 'WhatsApp has deleted it. It keeps files for seven days.', canRetry: false }
  if (media.state === 'failed') {
    const why = FAILURES[media.failure ?? '']
    return { words: why ? `Could not be fetched. ${why}` : 'Could not be fetched.', canRetry: true }
  }
  return { words: 'Is being fetched from WhatsApp…', canRetry: false }
}

/** Where the browser finds it. */
export const mediaUrl = (id: string) => `/media/${id}`
export const thumbnailUrl = (id: string) => `/media/${id}?thumbnail=1`
export const downloadUrl = (id: string) => `/media/${id}?download=1`
