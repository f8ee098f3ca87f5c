/** Reads bytes of a file: from `start` up to, and without, `end`. */
export type ReadBytes = (start: number, end: number) => Promise<Uint8Array>

export type Film = { width: number | null; height: number | null; durationSeconds: number | null }

/** The index of a film of an hour has some 2 MB; what says more is broken. */
const LARGEST_INDEX_BYTES = 16 * 1024 * 1024
const MOST_BOXES = 200

type Box = { type: string; start: number; end: number }

/**
 * Size and length of a film, from the index (`moov`) of an MP4 file, wherever it stands. Null where it does not say: a film that
 * was recorded in pieces has its length nowhere.
 */
export async function readMp4(read: ReadBytes, sizeBytes: number): Promise<Film | null> {
  const moov = await findIndex(read, sizeBytes)
  if (moov === null) return null
  const boxes = boxesIn(moov, 0, moov.byteLength)
  const header = boxes.find((box) => box.type === 'mvhd')
  const sizes = boxes.filter((box) => box.type === 'trak').flatMap((track) => sizeOfTrack(moov, track) ?? [])
  const [size = { width: null, height: null }] = sizes
  return { ...size, durationSeconds: header ? durationOf(moov, header) : null }
}

/** The content of `moov`, found by its neighbours' lengths; the pictures themselves are never read. */
async function findIndex(read: ReadBytes, sizeBytes: number): Promise<Uint8Array | null> {
  let at = 0
  for (let count = 0; count < MOST_BOXES && at + 8 <= sizeBytes; count++) {
    const [box] = boxesIn(await read(at, Math.min(at + 16, sizeBytes)), 0, sizeBytes - at)
    if (!box || box.end <= 0) return null
    if (box.type === 'moov') {
      const length = box.end - box.start
      return length > LARGEST_INDEX_BYTES || at + box.end > sizeBytes
        ? null
        : read(at + box.start, at + box.end)
    }
    at += box.end
  }
  return null
}

/** The boxes that stand one after the other; `end` may lie behind the bytes at hand. */
function boxesIn(bytes: Uint8Array, from: number, to: number): Box[] {
  const view = viewOf(bytes)
  const boxes: Box[] = []
  let at = from
  while (at + 8 <= Math.min(to, bytes.byteLength)) {
    const short = view.getUint32(at)
    const isLong = short === 1 && at + 16 <= bytes.byteLength
    const length = isLong ? Number(view.getBigUint64(at + 8)) : short === 0 ? to - at : short
    const header = isLong ? 16 : 8
    if (length < header) break
    boxes.push({ type: nameAt(bytes, at + 4), start: at + header, end: at + length })
    at += length
  }
  return boxes
}

function durationOf(moov: Uint8Array, { start, end }: Box): number | null {
  const view = viewOf(moov)
  const isLong = moov[start] === 1
  if (start + (isLong ? 32 : 20) > Math.min(end, moov.byteLength)) return null
  const timescale = view.getUint32(start + (isLong ? 20 : 12))
  const duration = isLong ? Number(view.getBigUint64(start + 24)) : view.getUint32(start + 16)
  return timescale > 0 && duration > 0 && duration !== 0xffff_ffff ? duration / timescale : null
}

/** Of a track with pictures; a telephone held upright records lying down and says so in the matrix. */
function sizeOfTrack(moov: Uint8Array, track: Box): { width: number; height: number } | null {
  const header = boxesIn(moov, track.start, Math.min(track.end, moov.byteLength)).find(
    (box) => box.type === 'tkhd',
  )
  if (!header) return null
  const view = viewOf(moov)
  const matrix = header.start + (moov[header.start] === 1 ? 52 : 40)
  if (matrix + 44 > moov.byteLength) return null
  const width = view.getUint32(matrix + 36) >>> 16
  const height = view.getUint32(matrix + 40) >>> 16
  if (width === 0 || height === 0) return null
  const isTurned = view.getInt32(matrix) === 0 && view.getInt32(matrix + 4) !== 0
  return isTurned ? { width: height, height: width } : { width, height }
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const nameAt = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))
