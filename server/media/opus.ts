import { MOST_SEGMENTS, OPUS_RATE, oggPage, segmentsOf } from './ogg.ts'

/** The header of an Opus stream, as Ogg and WebM both carry it: 19 bytes for one or two channels. */
export type OpusStream = { head: Uint8Array; packets: Uint8Array[] }

const HEAD_BYTES = 19
const CHANNELS_AT = 9
const FAMILY_AT = 18
/** A player seeks from page to page, so one holds about a second. */
const SAMPLES_PER_PAGE = OPUS_RATE
const VENDOR = 'Baton'

/**
 * The same sound as an Ogg file with one channel, as WhatsApp wants a voice note. The packets stay as they are: the channels in
 * the header are those that come out, and a decoder for one mixes two into it (RFC 7845, 5.1). Null when the stream is none
 * that can be carried over so.
 */
export function oggOfOpus({ head, packets }: OpusStream): Uint8Array | null {
  if (head.byteLength < HEAD_BYTES || head[FAMILY_AT] !== 0 || packets.length === 0) return null
  const mono = head.slice(0, HEAD_BYTES)
  mono[CHANNELS_AT] = 1
  const serial = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  const pages = [
    oggPage({ granule: 0n, isFirst: true, sequence: 0, serial, packets: [mono] }),
    oggPage({ granule: 0n, sequence: 1, serial, packets: [tags()] }),
  ]
  let samples = 0
  let page: Uint8Array[] = []
  let pageSamples = 0
  const finish = (isLast: boolean) => {
    pages.push(oggPage({ granule: BigInt(samples), isLast, sequence: pages.length, serial, packets: page }))
    page = []
    pageSamples = 0
  }
  for (const packet of packets) {
    const length = samplesIn(packet)
    if (length === null || segmentsOf(packet) > MOST_SEGMENTS) return null
    const segments = page.reduce((sum, one) => sum + segmentsOf(one), segmentsOf(packet))
    if (page.length > 0 && (segments > MOST_SEGMENTS || pageSamples >= SAMPLES_PER_PAGE)) finish(false)
    page.push(packet)
    samples += length
    pageSamples += length
  }
  finish(true)
  return new Uint8Array(Buffer.concat(pages))
}

/** Frame lengths in samples by the configuration in a packet's first byte (RFC 6716, table 2): SILK, hybrid, CELT. */
const SILK = [480, 960, 1920, 2880]
const HYBRID = [480, 960]
const CELT = [120, 240, 480, 960]

/** How long a packet sounds, in samples at 48 kHz; null when it is none. */
export function samplesIn(packet: Uint8Array): number | null {
  const [toc, counter] = packet
  if (toc === undefined) return null
  const config = toc >> 3
  const frame = config < 12 ? SILK[config % 4] : config < 16 ? HYBRID[config % 2] : CELT[config % 4]
  const code = toc & 3
  const frames = code === 0 ? 1 : code === 3 ? (counter ?? 0) & 0x3f : 2
  return frame === undefined || frames === 0 ? null : frame * frames
}

function tags(): Uint8Array {
  const vendor = new TextEncoder().encode(VENDOR)
  const packet = new Uint8Array(8 + 4 + vendor.byteLength + 4)
  packet.set(new TextEncoder().encode('OpusTags'))
  new DataView(packet.buffer).setUint32(8, vendor.byteLength, true)
  packet.set(vendor, 12)
  return packet
}
