import type { OpusStream } from './opus.ts'

/** The elements of a WebM file that lead to its sound (Matroska, "Element IDs"). */
const SEGMENT = 0x18538067
const TRACKS = 0x1654ae6b
const TRACK = 0xae
const TRACK_NUMBER = 0xd7
const CODEC = 0x86
const CODEC_PRIVATE = 0x63a2
const CLUSTER = 0x1f43b675
const BLOCK_GROUP = 0xa0
const BLOCK = 0xa1
const SIMPLE_BLOCK = 0xa3

/**
 * What is walked into rather than over. A browser that records does not know how long these will be and leaves their length
 * open, so where one ends is never asked: what follows it is simply the next element.
 */
const WALKED_INTO = new Set([SEGMENT, TRACKS, TRACK, CLUSTER, BLOCK_GROUP])
const LACING = 0x06

type Track = { number: number | null; codec: string; head: Uint8Array | null }

/** The Opus packets of a recording of a browser. Null when there are none, or they are packed in a way that no browser uses. */
export function opusOfWebm(bytes: Uint8Array): OpusStream | null {
  const tracks: Track[] = []
  const packets: Uint8Array[] = []
  for (const { id, content } of elementsOf(bytes)) {
    const track = tracks.at(-1)
    if (id === TRACK) tracks.push({ number: null, codec: '', head: null })
    else if (id === TRACK_NUMBER && track)
      track.number = content.reduce((number, byte) => number * 256 + byte, 0)
    else if (id === CODEC && track) track.codec = new TextDecoder().decode(content)
    else if (id === CODEC_PRIVATE && track) track.head = content
    else if (id === BLOCK || id === SIMPLE_BLOCK) {
      const number = sizeAt(content, 0)
      const flags = content[(number?.length ?? 0) + 2]
      if (number === null || flags === undefined) continue
      if (number.value !== opusIn(tracks)?.number) continue
      if ((flags & LACING) !== 0) return null
      packets.push(content.subarray(number.length + 3))
    }
  }
  const head = opusIn(tracks)?.head
  return head && packets.length > 0 ? { head, packets } : null
}

const opusIn = (tracks: Track[]) => tracks.find((track) => track.codec === 'A_OPUS')

/** All elements in the order in which they stand. One that the file ends in the middle of is left out. */
function* elementsOf(bytes: Uint8Array): Generator<{ id: number; content: Uint8Array }> {
  let at = 0
  while (at < bytes.byteLength) {
    const id = idAt(bytes, at)
    const size = id && sizeAt(bytes, at + id.length)
    if (!id || !size) return
    at += id.length + size.length
    if (WALKED_INTO.has(id.value)) {
      yield { id: id.value, content: bytes.subarray(at, at) }
      continue
    }
    if (at + size.value > bytes.byteLength) return
    yield { id: id.value, content: bytes.subarray(at, at + size.value) }
    at += size.value
  }
}

type Varied = { value: number; length: number }

/** An id keeps the bits that say how long it is. */
function idAt(bytes: Uint8Array, at: number): Varied | null {
  const length = lengthAt(bytes, at)
  if (length === null || length > 4) return null
  let value = 0
  for (const byte of bytes.subarray(at, at + length)) value = value * 256 + byte
  return { value, length }
}

/** A size loses them. */
function sizeAt(bytes: Uint8Array, at: number): Varied | null {
  const length = lengthAt(bytes, at)
  if (length === null) return null
  let value = (bytes[at] ?? 0) & (0xff >> length)
  for (const byte of bytes.subarray(at + 1, at + length)) value = value * 256 + byte
  return { value, length }
}

function lengthAt(bytes: Uint8Array, at: number): number | null {
  const first = bytes[at] ?? 0
  const length = Math.clz32(first) - 23
  return first === 0 || at + length > bytes.byteLength ? null : length
}
