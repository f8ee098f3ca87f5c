import { once } from 'node:events'
import { crc32, createDeflateRaw } from 'node:zlib'
import type { ByteStream } from './mediaStore.ts'
import { centralHeader, dataDescriptor, endOfArchive, localHeader, type ZippedFile } from './zipRecords.ts'

/** A file of an archive. Its name is of our own making: see `server/inbox/exportedNames.ts`. */
export type ZipEntry = {
  name: string
  modifiedAt: Date
  bytes: ByteStream
  /** Pictures and films are packed already: they go in as they are. */
  isPacked: boolean
}

/**
 * An archive as it comes into being, one file after the other: what is in memory at a time is a piece of one of them, and a line for each.
 * Every file is a deflate stream, which says itself where it ends, so sizes and sums follow behind it, and no program that
 * unpacks stumbles over them.
 */
export async function* zip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const files: ZippedFile[] = []
  let at = 0
  for await (const { name, modifiedAt, bytes, isPacked } of entries) {
    const file: ZippedFile = { name, modifiedAt, offset: at, crc: 0, size: 0, packedSize: 0 }
    const head = localHeader(file)
    yield head
    for await (const piece of deflated(watched(bytes, file), isPacked)) {
      file.packedSize += piece.byteLength
      yield piece
    }
    const tail = dataDescriptor(file)
    yield tail
    at += head.byteLength + file.packedSize + tail.byteLength
    files.push(file)
  }
  let directoryBytes = 0
  for (const file of files) {
    const header = centralHeader(file)
    directoryBytes += header.byteLength
    yield header
  }
  yield endOfArchive({ files: files.length, directoryAt: at, directoryBytes })
}

async function* watched(bytes: ByteStream, file: ZippedFile): ByteStream {
  for await (const piece of bytes) {
    file.crc = crc32(piece, file.crc)
    file.size += piece.byteLength
    yield piece
  }
}

/** No more is taken from the source than whoever reads has room for. */
async function* deflated(source: ByteStream, isPacked: boolean): ByteStream {
  const deflate = createDeflateRaw({ level: isPacked ? 0 : 6 })
  const feed = async () => {
    for await (const piece of source) if (!deflate.write(piece)) await once(deflate, 'drain')
    deflate.end()
  }
  const fed = feed().catch((error) => deflate.destroy(error))
  try {
    for await (const piece of deflate) yield piece
    await fed
  } finally {
    deflate.destroy()
  }
}
