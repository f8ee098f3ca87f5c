import { createHash } from 'node:crypto'
import { lightly } from '../storage/lightly.ts'
import { newKey } from '../storage/mediaKey.ts'
import type { ByteStream, MediaStore } from '../storage/mediaStore.ts'
import { HEAD_BYTES } from './detectType.ts'

export type KeptFile = {
  key: string
  sizeBytes: number
  /** Hex. */
  sha256: string
  /** The first bytes, for {@link detectType}. */
  head: Uint8Array
}

/** Stores a file as it comes, and says of it what only whoever has seen all of its bytes can say. */
export async function storeFile(store: MediaStore, source: ByteStream): Promise<KeptFile> {
  const digest = createHash('sha256')
  const head: Uint8Array[] = []
  let headBytes = 0
  async function* watched() {
    for await (const piece of lightly(source)) {
      digest.update(piece)
      if (headBytes < HEAD_BYTES) {
        const part = piece.slice(0, HEAD_BYTES - headBytes)
        head.push(part)
        headBytes += part.byteLength
      }
      yield piece
    }
  }
  const key = newKey()
  const sizeBytes = await store.write(key, watched())
  return { key, sizeBytes, sha256: digest.digest('hex'), head: Buffer.concat(head) }
}
