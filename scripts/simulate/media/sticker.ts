import type { Chance } from '../chance.ts'
import { pick } from '../chance.ts'

const side = 512
const colours: readonly (readonly [red: number, green: number, blue: number])[] = [
  [11, 107, 77],
  [243, 162, 97],
  [42, 111, 176],
]

/**
 * A sticker: one colour, 512 by 512, as a lossless WebP. Every channel has a code of one symbol, so that a pixel takes
 * no bits at all and the whole picture is its header.
 */
export function drawSticker(chance: Chance): Uint8Array<ArrayBuffer> {
  const [red, green, blue] = pick(chance, colours)
  const bits = new BitWriter()
  bits.write(side - 1, 14)
  bits.write(side - 1, 14)
  bits.write(0, 1) // no transparency
  bits.write(0, 3) // version
  bits.write(0, 1) // no transform
  bits.write(0, 1) // no colour cache
  bits.write(0, 1) // one group of codes
  for (const symbol of [green, red, blue, 255]) bits.writeSingleSymbol(symbol)
  bits.writeSingleSymbol(0) // distances, which nothing uses
  const picture = Buffer.concat([Buffer.from([0x2f]), bits.bytes()])
  const padded = picture.length % 2 === 0 ? picture : Buffer.concat([picture, Buffer.alloc(1)])
  const head = Buffer.alloc(20)
  head.write('RIFF', 0)
  head.writeUInt32LE(12 + padded.length, 4)
  head.write('WEBPVP8L', 8)
  head.writeUInt32LE(picture.length, 16)
  return Buffer.concat([head, padded])
}

/** Writes numbers from their lowest bit on, as WebP wants them. */
class BitWriter {
  private readonly bits: number[] = []

  write(value: number, count: number): void {
    for (let bit = 0; bit < count; bit++) this.bits.push((value >> bit) & 1)
  }

  writeSingleSymbol(symbol: number): void {
    this.write(1, 1) // a simple code
    this.write(0, 1) // of one symbol
    this.write(1, 1) // of eight bits
    this.write(symbol, 8)
  }

  bytes(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.bits.length / 8))
    for (const [at, bit] of this.bits.entries()) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (bit << (at & 7))
    return bytes
  }
}
