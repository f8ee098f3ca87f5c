import type { ByteStream } from './mediaStore.ts'

const COLLECT_EVERY_BYTES = 16 * 1024 * 1024

/**
 * Hands a long stream on with little memory. Its pieces are garbage of a kind that the collector is slow to see: a file of 100 MB
 * left up to 60 MB of it behind. So after so many bytes it is told, which takes a few milliseconds; then it is 20 to 45.
 */
export async function* lightly(source: ByteStream): ByteStream {
  let bytes = 0
  for await (const piece of source) {
    yield piece
    bytes += piece.byteLength
    if (bytes < COLLECT_EVERY_BYTES) continue
    bytes = 0
    Bun.gc(false)
  }
}
