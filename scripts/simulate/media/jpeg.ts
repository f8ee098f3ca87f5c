import type { Chance } from '../chance.ts'
import { type Colour, height, paintRoom, width } from './picture.ts'

const blockSide = 8
/** Codes of Annex K for the size of a difference: 0, then 1 to 5, then one of each length. */
const sizesPerLength = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const codeOf = new Map<number, string>()
for (let length = 1, code = 0, next = 0; length <= 16; length++, code <<= 1) {
  for (let count = sizesPerLength[length - 1] ?? 0; count > 0; count--, code++, next++) {
    codeOf.set(sizes[next] ?? 0, code.toString(2).padStart(length, '0'))
  }
}
/** "Nothing more in this block", the only code of its table. */
const endOfBlock = '0'

/** The drawn photograph as a JPEG: flat squares of eight by eight, so that each block is its mean and nothing else. */
export function drawJpeg(chance: Chance): Uint8Array<ArrayBuffer> {
  const colourAt = paintRoom(chance)
  const before = [0, 0, 0]
  const bits: string[] = []
  for (let y = 0; y < height; y += blockSide) {
    for (let x = 0; x < width; x += blockSide) {
      const parts = lumaAndChroma(colourAt(x + blockSide / 2, y + blockSide / 2))
      for (const [channel, part] of parts.entries()) {
        bits.push(difference(part - (before[channel] ?? 0)), endOfBlock)
        before[channel] = part
      }
    }
  }
  return Buffer.concat([head(), entropy(bits.join('')), Buffer.from([0xff, 0xd9])])
}

/** Y, Cb and Cr around zero, each a whole number: the table divides by eight what eight by eight pixels sum up to. */
function lumaAndChroma([red, green, blue]: Colour): number[] {
  return [
    Math.round(0.299 * red + 0.587 * green + 0.114 * blue - 128),
    Math.round(-0.1687 * red - 0.3313 * green + 0.5 * blue),
    Math.round(0.5 * red - 0.4187 * green - 0.0813 * blue),
  ]
}

function difference(value: number): string {
  if (value === 0) return codeOf.get(0) ?? ''
  const size = Math.abs(value).toString(2).length
  const bits = value > 0 ? value : value + 2 ** size - 1
  return (codeOf.get(size) ?? '') + bits.toString(2).padStart(size, '0')
}

function entropy(bits: string): Buffer {
  const bytes: number[] = []
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2)
    bytes.push(byte)
    // 0xff would begin a marker.
    if (byte === 0xff) bytes.push(0)
  }
  return Buffer.from(bytes)
}

function head(): Buffer {
  const size = [height >> 8, height & 0xff, width >> 8, width & 0xff]
  const components = [1, 2, 3].flatMap((id) => [id, 0x11, 0])
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...Array<number>(64).fill(8)]),
    segment(0xc0, [8, ...size, 3, ...components]),
    segment(0xc4, [0x00, ...sizesPerLength, ...sizes]),
    segment(0xc4, [0x10, 1, ...Array<number>(15).fill(0), 0]),
    segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
  ])
}

function segment(marker: number, content: number[]): Buffer {
  const length = content.length + 2
  return Buffer.from([0xff, marker, length >> 8, length & 0xff, ...content])
}
