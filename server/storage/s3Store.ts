import { S3Client } from 'bun'
import { checkKey } from './mediaKey.ts'
import type { MediaStore } from './mediaStore.ts'

/** Of a multipart upload. Two are on their way at a time, so a file of any size takes some 24 MB of memory. */
const PART_BYTES = 8 * 1024 * 1024
const PARTS_ON_THE_WAY = 2
const REPEATS = 3

/**
 * Files in a bucket of S3, or of what speaks its language. The address is `s3://bucket/prefix`; who may write there, and
 * where it is, Bun's client takes from the usual variables: S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_REGION, S3_ENDPOINT,
 * or the same with AWS_.
 */
export function openS3Store(
  address: string,
  open: (bucket: string) => S3Client = (bucket) => new S3Client({ bucket }),
): MediaStore {
  const { host, pathname } = new URL(address)
  const client = open(host)
  const prefix = pathname.replaceAll(/^\/+|\/+$/g, '')
  const fileOf = (key: string) => client.file(prefix === '' ? checkKey(key) : `${prefix}/${checkKey(key)}`)

  return {
    async write(key, source) {
      const file = fileOf(key)
      const writer = file.writer({ partSize: PART_BYTES, queueSize: PARTS_ON_THE_WAY, retry: REPEATS })
      let written = 0
      try {
        for await (const piece of source) {
          await writer.write(piece)
          written += piece.byteLength
        }
      } catch (error) {
        // Bun has no way to give an upload of parts up (`end(error)` completes it), and parts without an end are kept, and
        // paid for, for ever. So it is ended, and the piece of a file that this makes is deleted; nobody knows its key.
        await Promise.resolve(writer.end()).catch(() => {})
        await file.delete().catch(() => {})
        throw error
      }
      await writer.end()
      return written
    },
    read(key, range) {
      const file = fileOf(key)
      // As a stream: a Response of the file itself would send whoever asks to the bucket.
      return (range ? file.slice(range.start, range.end) : file).stream()
    },
    async size(key) {
      const file = fileOf(key)
      return (await file.exists()) ? (await file.stat()).size : null
    },
    async remove(key) {
      await fileOf(key).delete()
    },
  }
}
