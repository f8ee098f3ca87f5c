/** A silent H.264 film, one frame a second, each of them whole. */
export interface Film {
  width: number
  height: number
  /** The parameter sets of the stream, as units without start codes. */
  sequence: Buffer
  picture: Buffer
  frames: Buffer[]
}

const ticksPerSecond = 1000
const noMatrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]

/** Puts the film into an MP4 file. */
export function wrapMp4(film: Film): Uint8Array<ArrayBuffer> {
  const samples = film.frames.map((frame) => Buffer.concat([u32(frame.length), frame]))
  const fileType = box('ftyp', text('isom'), u32(512), text('isomiso2avc1mp41'))
  // The table of offsets has the same size whatever it says, so a first draft tells where the frames begin.
  const start = fileType.length + movie(film, samples, 0).length + 8
  return Buffer.concat([fileType, movie(film, samples, start), box('mdat', ...samples)])
}

function movie(film: Film, samples: Buffer[], start: number): Buffer {
  const duration = samples.length * ticksPerSecond
  const times = u32(0, 0, ticksPerSecond, duration, 0x10000)
  const rest = [u16(0x100, 0), u32(0, 0), u32(...noMatrix), u32(0, 0, 0, 0, 0, 0), u32(2)]
  return box('moov', full('mvhd', times, ...rest), track(film, samples, start, duration))
}

function track(film: Film, samples: Buffer[], start: number, duration: number): Buffer {
  const size = u32(film.width << 16, film.height << 16)
  const header = [u32(3, 0, 0, 1, 0, duration, 0, 0), u16(0, 0, 0, 0), u32(...noMatrix), size]
  const media = box(
    'mdia',
    full('mdhd', u32(0, 0, ticksPerSecond, duration), u16(0x55c4, 0)),
    full('hdlr', u32(0), text('vide'), u32(0, 0, 0), text('Baton\0')),
    box(
      'minf',
      box('vmhd', u32(1), u16(0, 0, 0, 0)),
      box('dinf', full('dref', u32(1), box('url ', u32(1)))),
      sampleTable(film, samples, start),
    ),
  )
  return box('trak', box('tkhd', ...header), media)
}

function sampleTable(film: Film, samples: Buffer[], start: number): Buffer {
  return box(
    'stbl',
    full('stsd', u32(1), sampleEntry(film)),
    full('stts', u32(1, samples.length, ticksPerSecond)),
    full('stsc', u32(1, 1, samples.length, 1)),
    full('stsz', u32(0, samples.length, ...samples.map((sample) => sample.length))),
    full('stco', u32(1, start)),
  )
}

function sampleEntry({ width, height, sequence, picture }: Film): Buffer {
  const configuration = box(
    'avcC',
    Buffer.from([1, sequence[1] ?? 0, sequence[2] ?? 0, sequence[3] ?? 0, 0xff, 0xe1]),
    u16(sequence.length),
    sequence,
    Buffer.from([1]),
    u16(picture.length),
    picture,
  )
  const resolution = u32(0x480000, 0x480000, 0)
  const name = Buffer.alloc(32)
  const fixed = [
    u32(0),
    u16(0, 1),
    u32(0, 0, 0, 0),
    u16(width, height),
    resolution,
    u16(1),
    name,
    u16(24, 0xffff),
  ]
  return box('avc1', ...fixed, configuration)
}

function box(kind: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([u32(body.length + 8), text(kind), body])
}

/** A box that begins with its version and flags, all zero. */
function full(kind: string, ...content: Buffer[]): Buffer {
  return box(kind, u32(0), ...content)
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

function u16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.from(value, 'latin1')
}
