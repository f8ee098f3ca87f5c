import { expect, test } from 'bun:test'
import { readMp4 } from './mp4.ts'

const u32 = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255]
const box = (name: string, content: number[]) => [
  ...u32(content.length + 8),
  ...Buffer.from(name, 'latin1'),
  ...content,
]
const zeros = (count: number) => Array<number>(count).fill(0)

const header = (timescale: number, duration: number) =>
  box('mvhd', [...zeros(12), ...u32(timescale), ...u32(duration), ...zeros(80)])
const UPRIGHT = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]
const TURNED = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000]
const track = (width: number, height: number, matrix = UPRIGHT) =>
  box(
    'trak',
    box('tkhd', [...zeros(40), ...matrix.flatMap(u32), ...u32(width * 65536), ...u32(height * 65536)]),
  )

async function look(bytes: number[], size = bytes.length) {
  const file = new Uint8Array(bytes)
  let read = 0
  const film = await readMp4(async (start, end) => {
    read += end - start
    return file.slice(start, end)
  }, size)
  return { film, read }
}

const start = box('ftyp', [...Buffer.from('isom'), ...zeros(4)])

test('size and length stand in the index, at the beginning or behind the pictures', async () => {
  const index = box('moov', [...header(600, 6150), ...track(0, 0), ...track(1280, 720)])
  const expected = { width: 1280, height: 720, durationSeconds: 10.25 }
  expect((await look([...start, ...index, ...box('mdat', zeros(10))])).film).toEqual(expected)
  const behind = await look([...start, ...box('mdat', zeros(100_000)), ...index])
  expect(behind.film).toEqual(expected)
  expect(behind.read).toBeLessThan(1000) // the pictures were passed over
})

test('a film that was taken upright is shown upright', async () => {
  const { film } = await look([
    ...start,
    ...box('moov', [...header(1000, 1000), ...track(1920, 1080, TURNED)]),
  ])
  expect(film).toMatchObject({ width: 1080, height: 1920 })
})

test('what is broken, endless or no film says nothing and does not fail', async () => {
  const index = box('moov', [...header(0, 5), ...track(4, 4)])
  expect((await look([...start, ...index])).film).toEqual({ width: 4, height: 4, durationSeconds: null })
  expect((await look([...start, ...box('mdat', zeros(5))])).film).toBeNull()
  expect((await look([...u32(0xffffffff), ...Buffer.from('moov')])).film).toBeNull()
  expect((await look([...u32(4), ...Buffer.from('free'), ...zeros(50)])).film).toBeNull()
  expect((await look([])).film).toBeNull()
  for (let length = 0; length < index.length; length++) {
    await look([...start, ...box('moov', index.slice(8, length))]) // cut anywhere
  }
})
