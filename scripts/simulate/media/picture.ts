import { crc32, deflateSync } from 'node:zlib'
import type { Chance } from '../chance.ts'
import { pick } from '../chance.ts'

export type Colour = readonly [red: number, green: number, blue: number]

export const width = 640
export const height = 480
/** Wall, floor and sofa: rooms as a customer of a furniture shop would photograph them. */
const rooms: readonly (readonly [Colour, Colour, Colour])[] = [
  [
    [196, 180, 150],
    [150, 122, 92],
    [232, 219, 194],
  ],
  [
    [158, 178, 166],
    [112, 124, 112],
    [62, 104, 88],
  ],
  [
    [214, 176, 160],
    [160, 112, 94],
    [174, 84, 70],
  ],
  [
    [176, 186, 200],
    [126, 126, 130],
    [84, 98, 122],
  ],
]

/** A small photograph, drawn: a sofa in a room, as a PNG. */
export function drawPicture(chance: Chance): Uint8Array<ArrayBuffer> {
  const colourAt = paintRoom(chance)
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      rows.set(colourAt(x, y), y * (1 + width * 3) + 1 + x * 3)
    }
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits for each of red, green and blue; no palette, no interlace.
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A room with a sofa: what colour is where. */
export function paintRoom(chance: Chance): (x: number, y: number) => Colour {
  const [wall, floor, sofa] = pick(chance, rooms)
  const left = 90 + Math.floor(chance() * 60)
  return (x, y) => {
    const light = 1.08 - 0.28 * (x / width) - 0.12 * (y / height)
    const sofaLight = sofaShade(x - left, y)
    const [red, green, blue] = sofaLight ? shade(sofa, sofaLight) : y > 350 ? floor : wall
    return [dimmed(red, light), dimmed(green, light), dimmed(blue, light)]
  }
}

function dimmed(part: number, light: number): number {
  return Math.max(0, Math.min(255, part * light))
}

/** How bright the sofa is at this point, 0 where there is none: back, seat, two arms and their shadow. */
function sofaShade(x: number, y: number): number {
  if (isInside(x, y, 0, 250, 46, 150, 18) || isInside(x, y, 374, 250, 46, 150, 18)) return 0.94
  if (isInside(x, y, 46, 306, 328, 72, 12)) return x > 208 && x < 212 ? 0.86 : 1.04
  if (isInside(x, y, 20, 200, 380, 130, 26)) return 0.98
  if (isInside(x, y, 10, 396, 400, 16, 8)) return 0.45
  return 0
}

function isInside(
  x: number,
  y: number,
  left: number,
  top: number,
  wide: number,
  high: number,
  radius: number,
) {
  const dx = Math.max(left + radius - x, 0, x - (left + wide - radius))
  const dy = Math.max(top + radius - y, 0, y - (top + high - radius))
  return dx * dx + dy * dy <= radius * radius
}

function shade([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor]
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'ascii'), content])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(content.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
