import type { Chance } from '../chance.ts'
import { between } from '../chance.ts'
import { wrapMp4 } from './mp4.ts'

const blocksWide = 10
const blocksHigh = 8
const blockSide = 16
const frames = 3

/** A video of three seconds, one picture a second: H.264 with uncompressed blocks, which needs no encoder. */
export function recordVideo(chance: Chance): Uint8Array<ArrayBuffer> {
  const hue = between(chance, [60, 180])
  return wrapMp4({
    width: blocksWide * blockSide,
    height: blocksHigh * blockSide,
    sequence: sequenceParameters(),
    picture: pictureParameters(),
    frames: Array.from({ length: frames }, (_, index) => frame(index, hue)),
  })
}

/** Baseline, level 3, frames only, pictures in the order in which they come. */
function sequenceParameters(): Buffer {
  const bits = new Bits().write(66, 8).write(0xc0, 8).write(30, 8)
  bits.number(0).number(0).number(2).number(1).write(0, 1)
  bits.number(blocksWide - 1).number(blocksHigh - 1)
  return unit(0x67, bits.write(1, 1).write(1, 1).write(0, 1).write(0, 1).end())
}

/** The plain coder, one slice for all, and a filter that slices may switch off. */
function pictureParameters(): Buffer {
  const bits = new Bits().number(0).number(0).write(0, 1).write(0, 1)
  bits.number(0).number(0).number(0).write(0, 1).write(0, 2).number(0).number(0).number(0)
  return unit(0x68, bits.write(1, 1).write(0, 1).write(0, 1).end())
}

/** A whole picture: a band of light that moves down with each frame. */
function frame(index: number, hue: number): Buffer {
  const bits = new Bits().number(0).number(7).number(0).write(0, 4).number(index)
  bits.write(0, 1).write(0, 1).number(0).number(1)
  for (let row = 0; row < blocksHigh; row++) {
    const light = row % frames === index ? 200 : 90
    for (let column = 0; column < blocksWide; column++) {
      bits.number(25).align()
      bits
        .fill(light - column * 4, blockSide * blockSide)
        .fill(hue, 64)
        .fill(240 - hue, 64)
    }
  }
  return unit(0x65, bits.end())
}

/** One unit of the stream: no three bytes in a row may look like a start code. */
function unit(kind: number, content: number[]): Buffer {
  const bytes = [kind]
  for (const byte of content) {
    const isStartLike = byte <= 3 && bytes.at(-1) === 0 && bytes.at(-2) === 0
    if (isStartLike) bytes.push(3)
    bytes.push(byte)
  }
  return Buffer.from(bytes)
}

/** Writes bits from the highest on, and numbers as Exp-Golomb codes. */
class Bits {
  private readonly bytes: number[] = []
  private open = ''

  write(value: number, count: number): this {
    this.open += value.toString(2).padStart(count, '0')
    while (this.open.length >= 8) {
      this.bytes.push(Number.parseInt(this.open.slice(0, 8), 2))
      this.open = this.open.slice(8)
    }
    return this
  }

  number(value: number): this {
    const length = (value + 1).toString(2).length
    return this.write(0, length - 1).write(value + 1, length)
  }

  align(): this {
    return this.open === '' ? this : this.write(0, 8 - this.open.length)
  }

  /** So many whole bytes of one value; only where the writer stands at a byte's edge. */
  fill(value: number, count: number): this {
    for (let left = count; left > 0; left--) this.bytes.push(value)
    return this
  }

  end(): number[] {
    this.write(1, 1).align()
    return this.bytes
  }
}
