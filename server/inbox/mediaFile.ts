import type { DeliveredMessage } from '../whatsapp/delivery.ts'
import type { MediaKind, MediaSnapshot } from './snapshot.ts'

/** A file that a message of WhatsApp brings, as the message tells it. */
export type ToldFile = {
  kind: MediaKind
  graphId: string
  mimeType: string | null
  filename: string | null
  /** Hex, whatever it came as; null when it is neither of the two encodings. */
  sha256: string | null
}

/** WhatsApp keeps what customers send for so long (Meta, "Media"). */
const KEPT_FOR_MS = 7 * 24 * 60 * 60 * 1000

/** Until when the file can be fetched. */
export function fetchableUntil(receivedAt: Date): Date {
  return new Date(receivedAt.getTime() + KEPT_FOR_MS)
}

/** The file of a message; null when it has none, or none that WhatsApp could get itself. */
export function fileOf({ content }: DeliveredMessage): ToldFile | null {
  if (!('mediaId' in content) || content.mediaId === null) return null
  const { kind, mediaId: graphId, mimeType, filename, sha256 } = content
  return { kind, graphId, mimeType, filename, sha256: sha256 === null ? null : hexDigest(sha256) }
}

/** A SHA-256 as hex: webhooks have it in base64, the Graph API in hex. */
export function hexDigest(text: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase()
  const bytes = Buffer.from(text, 'base64')
  return bytes.length === 32 ? bytes.toString('hex') : null
}

/** A file of which we know no more than its message says. */
export function waitingFile(id: string, { kind, mimeType, filename }: ToldFile): MediaSnapshot {
  return {
    id,
    kind,
    state: 'waiting',
    type: mimeType,
    filename,
    sizeBytes: null,
    width: null,
    height: null,
    durationSeconds: null,
    waveform: null,
    hasThumbnail: false,
    failure: null,
  }
}
