import { expect, test } from 'bun:test'
import { monoOgg, opusSeconds } from './ogg.ts'
import { oggOfOpus, samplesIn } from './opus.ts'
import { voiceNoteOf } from './voiceNote.ts'
import { opusOfWebm } from './webm.ts'

/** An Opus packet of 20 ms: CELT, one frame, with so many bytes. */
const packet = (bytes: number, fill = 7) => {
  const made = new Uint8Array(bytes).fill(fill)
  made[0] = 0xf8
  return made
}

const head = (channels: number) => {
  const bytes = new Uint8Array(19)
  bytes.set(new TextEncoder().encode('OpusHead'))
  bytes.set([1, channels, 312 & 0xff, 312 >> 8, 0x80, 0xbb], 8)
  return bytes
}

const OPEN = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
const size = (bytes: number) => [
  0x10 | (bytes >> 24),
  (bytes >> 16) & 0xff,
  (bytes >> 8) & 0xff,
  bytes & 0xff,
]
const element = (id: number[], content: Uint8Array | number[]) => [...id, ...size(content.length), ...content]

/** A recording as Chromium's MediaRecorder writes it: segment and clusters of unknown length, simple blocks. */
function recording(packets: Uint8Array[], channels = 1, codec = 'A_OPUS', flags = 0x80): Uint8Array {
  const track = [
    ...element([0xd7], [1]),
    ...element([0x83], [2]),
    ...element([0x86], new TextEncoder().encode(codec)),
    ...element([0x63, 0xa2], head(channels)),
  ]
  const half = Math.ceil(packets.length / 2)
  const cluster = (blocks: Uint8Array[], startMs: number) => [
    ...[0x1f, 0x43, 0xb6, 0x75, ...OPEN],
    ...element([0xe7], [startMs >> 8, startMs & 0xff]),
    ...blocks.flatMap((block, index) => {
      const at = index * 20
      return element([0xa3], [0x81, at >> 8, at & 0xff, flags, ...block])
    }),
  ]
  return new Uint8Array([
    ...element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], new TextEncoder().encode('webm'))),
    ...[0x18, 0x53, 0x80, 0x67, ...OPEN],
    ...element([0x15, 0x49, 0xa9, 0x66], element([0x2a, 0xd7, 0xb1], [0x0f, 0x42, 0x40])),
    ...element([0x16, 0x54, 0xae, 0x6b], element([0xae], track)),
    ...cluster(packets.slice(0, half), 0),
    ...cluster(packets.slice(half), half * 20),
  ])
}

/** Takes an Ogg file apart page by page, strictly: captures, sequence, checksums, segments. */
function pagesOf(file: Uint8Array): { granule: number; flags: number; packets: Uint8Array[] }[] {
  const bytes = Buffer.from(file)
  const pages = []
  for (let at = 0; at < bytes.length; ) {
    expect(bytes.toString('latin1', at, at + 4)).toBe('OggS')
    const count = bytes[at + 26] ?? 0
    const lengths = [...bytes.subarray(at + 27, at + 27 + count)]
    const end = at + 27 + count + lengths.reduce((sum, length) => sum + length, 0)
    const page = Buffer.from(bytes.subarray(at, end))
    const told = page.readUInt32LE(22)
    page.fill(0, 22, 26)
    expect(crcBitByBit(page)).toBe(told)
    expect(page.readUInt32LE(18)).toBe(pages.length)
    const packets: Uint8Array[] = []
    let [from, length] = [at + 27 + count, 0]
    for (const segment of lengths) {
      length += segment
      if (segment === 255) continue
      packets.push(new Uint8Array(bytes.subarray(from, from + length)))
      from += length
      length = 0
    }
    expect(length).toBe(0)
    pages.push({ granule: Number(page.readBigUInt64LE(6)), flags: page[5] ?? 0, packets })
    at = end
  }
  return pages
}

/** The checksum by its definition, not by the table of the code under test. */
function crcBitByBit(bytes: Uint8Array): number {
  let register = 0
  for (const byte of bytes) {
    register ^= byte << 24
    for (let bit = 0; bit < 8; bit++) register = register < 0 ? (register << 1) ^ 0x04c11db7 : register << 1
  }
  return register >>> 0
}

test('what Chromium records becomes a voice note with the very same packets', async () => {
  const packets = Array.from({ length: 130 }, (_, index) => packet(40 + index * 3, index))
  const note = await voiceNoteOf(recording(packets), 'audio/webm')
  if (note === null) throw new Error('It was to be packed anew')
  const [first, second, ...rest] = pagesOf(note)
  expect(first?.packets).toEqual([head(1)])
  expect(first?.flags).toBe(2)
  expect(Buffer.from(second?.packets[0] ?? []).toString('latin1', 0, 8)).toBe('OpusTags')
  expect(rest.flatMap((page) => page.packets)).toEqual(packets)
  expect(rest.at(-1)?.granule).toBe(130 * 960)
  expect(rest.map((page) => page.flags)).toEqual([...Array(rest.length - 1).fill(0), 4])
  expect(opusSeconds(note, note)).toBeCloseTo((130 * 960 - 312) / 48_000, 6)
})

test('packets at the limits of a segment and of a page keep their length', () => {
  const packets = [254, 255, 256, 509, 510, 511, 60_000, 1, 2].map((bytes) => packet(bytes))
  const note = oggOfOpus({ head: head(1), packets })
  expect(
    pagesOf(note ?? new Uint8Array())
      .slice(2)
      .flatMap((page) => page.packets),
  ).toEqual(packets)
})

test('two channels come out as one', async () => {
  const note = await voiceNoteOf(recording([packet(50)], 2), 'video/webm')
  expect(note && pagesOf(note)[0]?.packets[0]?.[9]).toBe(1)
  const stereo = new Uint8Array(note ?? [])
  stereo[28 + 9] = 2
  const mono = monoOgg(stereo)
  expect(mono && pagesOf(mono)[0]?.packets).toEqual([head(1)])
})

test('a recording that was cut off keeps what is whole', () => {
  const packets = Array.from({ length: 10 }, (_, index) => packet(100, index))
  const whole = recording(packets)
  const stream = opusOfWebm(whole.slice(0, whole.byteLength - 50))
  expect(stream?.packets).toEqual(packets.slice(0, 9))
})

test('what is no Opus, laced, or no recording at all is not taken apart', () => {
  expect(opusOfWebm(recording([packet(50)], 1, 'A_VORBIS'))).toBeNull()
  expect(opusOfWebm(recording([packet(50)], 1, 'A_OPUS', 0x82))).toBeNull()
  expect(opusOfWebm(new TextEncoder().encode('RIFF no recording'))).toBeNull()
  expect(opusOfWebm(new Uint8Array())).toBeNull()
  expect(monoOgg(new TextEncoder().encode('OggS and nothing else'))).toBeNull()
  expect(oggOfOpus({ head: head(1), packets: [new Uint8Array()] })).toBeNull()
})

test('the length of a packet is read from its first byte', () => {
  const cases: [number[], number | null][] = [
    [[0xf8], 960], // CELT 20 ms
    [[0xe0], 120], // CELT 2.5 ms
    [[0x18], 2880], // SILK 60 ms
    [[0x60], 480], // hybrid 10 ms
    [[0xf9], 1920], // two frames
    [[0xfb, 3], 2880], // three frames
    [[0xfb, 0], null],
    [[], null],
  ]
  for (const [bytes, samples] of cases) expect(samplesIn(new Uint8Array(bytes))).toBe(samples)
})

test.skipIf(Bun.which('ffmpeg') !== null)(
  'without ffmpeg, AAC can not be made a voice note, and that is said',
  async () => {
    expect(await voiceNoteOf(new TextEncoder().encode('....ftypM4A '), 'audio/mp4')).toBeNull()
  },
)
