import { crc32, inflateRawSync } from 'node:zlib'

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50

/** The files of an archive by name, read as programs do that unpack: from the directory at its end, with every sum checked. */
export function unzipped(archive: Uint8Array): Map<string, Uint8Array> {
  const bytes = Buffer.from(archive)
  const end = bytes.lastIndexOf(Buffer.from(Uint32Array.of(END).buffer))
  if (end === -1) throw new Error('This is no whole archive: it has no end')
  const files = new Map<string, Uint8Array>()
  let at = bytes.readUInt32LE(end + 16)
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    if (bytes.readUInt32LE(at) !== CENTRAL) throw new Error('The directory of the archive is broken')
    const [crc, packed, size] = [16, 20, 24].map((offset) => bytes.readUInt32LE(at + offset))
    const [nameBytes = 0, extra = 0, comment = 0] = [28, 30, 32].map((offset) =>
      bytes.readUInt16LE(at + offset),
    )
    const local = bytes.readUInt32LE(at + 42)
    const name = bytes.toString('utf8', at + 46, at + 46 + nameBytes)
    if (bytes.readUInt32LE(local) !== LOCAL) throw new Error(`${name} is not where the directory says`)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const content = inflateRawSync(bytes.subarray(start, start + (packed ?? 0)))
    if (content.length !== size || crc32(content) !== crc) throw new Error(`${name} is not what it should be`)
    files.set(name, content)
    at += 46 + nameBytes + extra + comment
  }
  return files
}
