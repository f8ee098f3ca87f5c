import { openLocalStore } from './localStore.ts'
import { openS3Store } from './s3Store.ts'

/** Bytes as they come, one piece after the other. */
export type ByteStream = AsyncIterable<Uint8Array>

/** From the first byte up to, and without, `end`. */
export type ByteRange = { start: number; end: number }

/**
 * Where files lie. Keys come from {@link newKey} and from nowhere else, so no name of a customer's or an agent's file ever
 * becomes a path.
 */
export type MediaStore = {
  /**
   * Keeps what the stream gives, piece by piece, and returns how many bytes it was. When the stream fails, nothing stays
   * behind and the error is thrown on.
   */
  write(key: string, source: ByteStream): Promise<number>
  /** The file, or a range of it, as a body: read while it is sent. The file must be there. */
  read(key: string, range?: ByteRange): Blob | ReadableStream<Uint8Array>
  /** How many bytes it has; null when it is not there. */
  size(key: string): Promise<number | null>
  /** Does nothing when it is not there. */
  remove(key: string): Promise<void>
}

/** The store that `MEDIA_STORE` names: `file:<folder>` or `s3://bucket/prefix`. */
export function openMediaStore(address: string): MediaStore {
  return address.startsWith('s3:') ? openS3Store(address) : openLocalStore(address.slice('file:'.length))
}

/** A part of a stored file in memory: for what is small, or looked into. */
export async function bytesOf(store: MediaStore, key: string, range?: ByteRange): Promise<Uint8Array> {
  return new Response(store.read(key, range)).bytes()
}
