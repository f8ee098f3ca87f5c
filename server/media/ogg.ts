/** Opus counts 48,000 samples a second, whatever was recorded. */
export const OPUS_RATE = 48_000

export type OggPage = {
  /** Samples since the beginning at the end of the page; null when no packet ends on it. */
  granule: bigint | null
  isFirst?: boolean
  isLast?: boolean
  sequence: number
  serial: number
  packets: Uint8Array[]
}

const CAPTURE = 'OggS'
const NO_PACKET_ENDS = 0xffff_ffff_ffff_ffffn
const HEADER_BYTES = 27
/** A page describes its packets in at most 255 segments of 255 bytes. */
export const MOST_SEGMENTS = 255

/** How many segments a packet takes: it ends with one of less than 255 bytes, if need be of none. */
export function segmentsOf(packet: Uint8Array): number {
  return Math.floor(packet.byteLength / 255) + 1
}

/** A page of whole packets. */
export function oggPage({ granule, isFirst, isLast, sequence, serial, packets }: OggPage): Uint8Array {
  const lengths = packets.flatMap(({ byteLength }) => {
    const full = Math.floor(byteLength / 255)
    return [...Array<number>(full).fill(255), byteLength % 255]
  })
  if (lengths.length > MOST_SEGMENTS) throw new Error('These packets do not fit on one page')
  const body = packets.reduce((sum, packet) => sum + packet.byteLength, 0)
  const page = new Uint8Array(HEADER_BYTES + lengths.length + body)
  const view = new DataView(page.buffer)
  page.set(new TextEncoder().encode(CAPTURE))
  page[5] = (isFirst ? 2 : 0) | (isLast ? 4 : 0)
  view.setBigUint64(6, granule ?? NO_PACKET_ENDS, true)
  view.setUint32(14, serial, true)
  view.setUint32(18, sequence, true)
  page[26] = lengths.length
  page.set(lengths, HEADER_BYTES)
  let at = HEADER_BYTES + lengths.length
  for (const packet of packets) {
    page.set(packet, at)
    at += packet.byteLength
  }
  view.setUint32(22, checksum(page), true)
  return page
}

/**
 * Length of an Ogg/Opus file, from its beginning and its end: where the last page says that it stops, less what a player
 * leaves out at the start. Null when it is none.
 */
export function opusSeconds(head: Uint8Array, tail: Uint8Array): number | null {
  const opusHead = Buffer.from(head.buffer, head.byteOffset, head.byteLength).indexOf('OpusHead')
  if (opusHead < 0 || opusHead + 12 > head.byteLength) return null
  const preSkip = viewOf(head).getUint16(opusHead + 10, true)
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.byteLength)
  for (let at = bytes.lastIndexOf(CAPTURE); at >= 0; at = bytes.lastIndexOf(CAPTURE, at - 1)) {
    if (at + HEADER_BYTES > bytes.byteLength) continue
    const granule = bytes.readBigUInt64LE(at + 6)
    if (granule !== NO_PACKET_ENDS) return Math.max(0, Number(granule) - preSkip) / OPUS_RATE
    if (at === 0) break
  }
  return null
}

/**
 * An Ogg/Opus file with one channel coming out: two are mixed by whoever plays it (RFC 7845, 5.1), so only the header changes.
 * Null when it is none, or has more channels than that can be said of.
 */
export function monoOgg(file: Uint8Array): Uint8Array | null {
  const start = Buffer.from(file.buffer, file.byteOffset, Math.min(file.byteLength, 4096))
  const head = start.indexOf('OpusHead')
  const family = file[head + 18]
  if (start.toString('latin1', 0, 4) !== CAPTURE || head !== HEADER_BYTES + 1 || family !== 0) return null
  const mono = file.slice()
  mono[head + 9] = 1
  const page = mono.subarray(0, head + (mono[HEADER_BYTES] ?? 0))
  page.fill(0, 22, 26)
  viewOf(page).setUint32(22, checksum(page), true)
  return mono
}

/** Whether a file that begins so is Opus in Ogg. */
export function opusStreamIn(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).includes('OpusHead')
}

/** Ogg's own: CRC-32 with the polynomial 0x04c11db7, unreflected, from zero, without an inversion at the end. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x8000_0000 ? (value << 1) ^ 0x04c1_1db7 : value << 1
  return value >>> 0
})

function checksum(page: Uint8Array): number {
  let sum = 0
  for (const byte of page) sum = ((sum << 8) ^ (TABLE[((sum >>> 24) ^ byte) & 0xff] ?? 0)) >>> 0
  return sum
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
