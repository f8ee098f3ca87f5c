import type { MediaRecord } from '../entry.ts'

const headBytes = 256

/** What WhatsApp finds in a file's first bytes: the channels of Ogg/Opus, and whether a WebP moves. */
export function inspect(bytes: Uint8Array): Pick<MediaRecord, 'opusChannels' | 'isAnimated'> {
  const head = Buffer.from(bytes.subarray(0, headBytes))
  const opus = head.indexOf('OpusHead')
  if (head.subarray(0, 4).toString() === 'OggS' && opus > 0) return { opusChannels: head.readUInt8(opus + 9) }
  const isExtendedWebp = head.subarray(8, 16).toString() === 'WEBPVP8X'
  // The second bit of the flags says that frames follow.
  return isExtendedWebp ? { isAnimated: ((head.at(20) ?? 0) & 2) !== 0 } : {}
}
