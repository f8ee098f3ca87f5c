import { between, type Chance } from '../chance.ts'

const side = 512
const middle = side / 2
const [red, blue] = [255, 40]
/** Yellow where the face is, and red where its eyes and its mouth are: only the green part differs. */
const [dark, light] = [60, 200]

/**
 * A sticker: a smiling face on nothing, 512 by 512, as a lossless WebP. Two of the four channels have a code of one
 * symbol, which takes no bits at all, and two a code of two: a pixel is two bits, and no compressor is needed.
 */
export function drawSticker(chance: Chance): Uint8Array<ArrayBuffer> {
  const smile = between(chance, [90, 150])
  const bits = new BitWriter()
  bits.write(side - 1, 14)
  bits.write(side - 1, 14)
  bits.write(1, 1) // with transparency
  bits.write(0, 3) // version
  bits.write(0, 1) // no transform
  bits.write(0, 1) // no colour cache
  bits.write(0, 1) // one group of codes
  bits.writeCode(dark, light)
  bits.writeCode(red)
  bits.writeCode(blue)
  bits.writeCode(0, 255)
  bits.writeCode(0) // distances, which nothing uses
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      bits.write(isFeature(x, y, smile) ? 0 : 1, 1)
      bits.write(distance(x, y, middle, middle) < middle - 12 ? 1 : 0, 1)
    }
  }
  return wrap(bits.bytes())
}

function isFeature(x: number, y: number, smile: number): boolean {
  const isEye = distance(x, y, 180, 200) < 30 || distance(x, y, 332, 200) < 30
  const fromMouth = distance(x, y, middle, 270)
  return isEye || (y > 285 && fromMouth < smile && fromMouth > smile - 26)
}

function distance(x: number, y: number, toX: number, toY: number): number {
  return Math.hypot(x - toX, y - toY)
}

function wrap(stream: Buffer): Uint8Array<ArrayBuffer> {
  const picture = Buffer.concat([Buffer.from([0x2f]), stream])
  const padding = Buffer.alloc(picture.length % 2)
  const head = Buffer.alloc(20)
  head.write('RIFF', 0)
  head.writeUInt32LE(12 + picture.length + padding.length, 4)
  head.write('WEBPVP8L', 8)
  head.writeUInt32LE(picture.length, 16)
  return Buffer.concat([head, picture, padding])
}

/** Writes numbers from their lowest bit on, as WebP wants them. */
class BitWriter {
  private readonly full: number[] = []
  private open = 0
  private count = 0

  write(value: number, bits: number): void {
    for (let bit = 0; bit < bits; bit++) {
      this.open |= ((value >> bit) & 1) << this.count
      this.count++
      if (this.count < 8) continue
      this.full.push(this.open)
      this.open = 0
      this.count = 0
    }
  }

  /** A code of one or two symbols; of two, the lower is written as 0. */
  writeCode(...symbols: number[]): void {
    this.write(1, 1)
    this.write(symbols.length - 1, 1)
    this.write(1, 1) // symbols of eight bits
    for (const symbol of symbols) this.write(symbol, 8)
  }

  bytes(): Buffer {
    return Buffer.from(this.count === 0 ? this.full : [...this.full, this.open])
  }
}
