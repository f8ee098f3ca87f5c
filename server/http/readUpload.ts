import type { MediaKind } from '../inbox/snapshot.ts'
import { detectType, HEAD_BYTES } from '../media/detectType.ts'
import { largestOf, largestUpload, sizeInWords, TAKEN, typeForWhatsApp } from '../media/mediaLimits.ts'
import { opusStreamIn } from '../media/ogg.ts'

export type UploadReason = 'TOO_LARGE' | 'WRONG_TYPE' | 'NOT_CONVERTIBLE' | 'EMPTY'

/** Thrown when a file is not what WhatsApp takes, also in the middle of its bytes. */
export class UnusableUpload extends Error {
  override readonly name = 'UnusableUpload'

  constructor(
    readonly reason: UploadReason,
    message: string,
  ) {
    super(message)
  }
}

export type OpenedUpload = {
  /** By its bytes. */
  type: string
  /** Whether it has to be made into a voice note, or into a file that WhatsApp takes. */
  isToBeConverted: boolean
  bytes: AsyncIterable<Uint8Array>
}

/**
 * Looks at the beginning of a file before the rest is taken: what is of no use is refused after its first bytes, not after all of
 * them. The limit is kept on what comes, whatever was announced.
 *
 * @throws UnusableUpload, also from the bytes
 */
export async function readUpload(
  source: AsyncIterable<Uint8Array>,
  { kind, isVoice, told }: { kind: MediaKind; isVoice: boolean; told: string | null },
): Promise<OpenedUpload> {
  const iterator = source[Symbol.asyncIterator]()
  const { head, first } = await beginning(iterator)
  if (head.byteLength === 0) throw new UnusableUpload('EMPTY', 'This file is empty.')
  const type = detectType(head, told)
  const isRecording = kind === 'audio' && /^(audio|video)\/webm$/.test(type)
  const isToBeConverted = isRecording || (isVoice && kind === 'audio')
  const isMp4Sound = kind === 'audio' && type === 'video/mp4'
  if (!isToBeConverted && !isMp4Sound) checkType(kind, type, head)
  const limit = isToBeConverted ? largestOf(kind) : largestUpload(kind, type, head)
  const bytes = limited(first, iterator, limit)
  // A browser writes sound alone into the same container as films, and names no brand of its own.
  return { type: isMp4Sound ? 'audio/mp4' : type, isToBeConverted, bytes }
}

function checkType(kind: MediaKind, type: string, head: Uint8Array): void {
  const { types, say } = TAKEN[kind]
  const isOther = !types.includes(typeForWhatsApp(type))
  const isOtherSound = type === 'audio/ogg' && kind === 'audio' && !opusStreamIn(head)
  if (!isOther && !isOtherSound) return
  const found = isOtherSound ? 'OGG without Opus' : type
  const isTakenAsFile = kind !== 'document' && TAKEN.document.types.includes(typeForWhatsApp(type))
  const advice = isTakenAsFile ? ' Send it as a document instead.' : ''
  throw new UnusableUpload('WRONG_TYPE', `WhatsApp takes ${say} here, and this is ${found}.${advice}`)
}

async function beginning(
  iterator: AsyncIterator<Uint8Array>,
): Promise<{ head: Uint8Array; first: Uint8Array[] }> {
  const first: Uint8Array[] = []
  let bytes = 0
  while (bytes < HEAD_BYTES) {
    const { done, value } = await iterator.next()
    if (done) break
    first.push(value)
    bytes += value.byteLength
  }
  return { head: new Uint8Array(Buffer.concat(first).subarray(0, HEAD_BYTES)), first }
}

async function* limited(
  first: Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array> {
  let received = 0
  const count = (piece: Uint8Array) => {
    received += piece.byteLength
    if (received > limit) throw tooLarge(limit)
    return piece
  }
  try {
    for (const piece of first) yield count(piece)
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield count(next.value)
  } finally {
    await rest.return?.()
  }
}

export function tooLarge(limit: number): UnusableUpload {
  return new UnusableUpload('TOO_LARGE', `WhatsApp takes ${sizeInWords(limit)} at most for this.`)
}
