import { newKey } from '../storage/mediaKey.ts'
import { bytesOf, type MediaStore } from '../storage/mediaStore.ts'
import { readMp4 } from './mp4.ts'
import { opusSeconds } from './ogg.ts'
import { isDecoded, lookAtPicture } from './thumbnail.ts'
import { waveformOf } from './waveform.ts'

/** What a thread needs to know of a file before it shows it, so that nothing jumps when it does. */
export type Looks = {
  width: number | null
  height: number | null
  durationSeconds: number | null
  waveform: number[] | null
  thumbnailKey: string | null
}

const NOTHING: Looks = {
  width: null,
  height: null,
  durationSeconds: null,
  waveform: null,
  thumbnailKey: null,
}

/** Larger pictures than WhatsApp takes are kept, and get no thumbnail. */
const LARGEST_PICTURE_BYTES = 20 * 1024 * 1024
const LARGEST_RECORDING_BYTES = 16 * 1024 * 1024
const OGG_END_BYTES = 128 * 1024

/**
 * Looks into a stored file: the size of a picture or film, the length of a film or recording; and stores a thumbnail of a
 * picture. A file that is not what it says it is has no looks, and that is no failure.
 */
export async function inspectFile(
  store: MediaStore,
  key: string,
  type: string,
  sizeBytes: number,
): Promise<Looks> {
  const read = (start: number, end: number) => bytesOf(store, key, { start, end: Math.min(end, sizeBytes) })
  if (isDecoded(type) && sizeBytes <= LARGEST_PICTURE_BYTES) {
    const picture = await lookAtPicture(await bytesOf(store, key))
    if (picture === null) return NOTHING
    const { width, height, thumbnail } = picture
    return { ...NOTHING, width, height, thumbnailKey: thumbnail && (await keep(store, thumbnail)) }
  }
  if (type === 'video/mp4' || type === 'video/3gpp' || type === 'video/quicktime' || type === 'audio/mp4') {
    return { ...NOTHING, ...(await readMp4(read, sizeBytes)) }
  }
  if (type === 'audio/ogg') {
    const durationSeconds = opusSeconds(
      await read(0, 4096),
      await read(Math.max(0, sizeBytes - OGG_END_BYTES), sizeBytes),
    )
    const waveform = sizeBytes <= LARGEST_RECORDING_BYTES ? await waveformOf(await bytesOf(store, key)) : null
    return { ...NOTHING, durationSeconds, waveform }
  }
  return NOTHING
}

async function keep(store: MediaStore, bytes: Uint8Array): Promise<string> {
  const key = newKey()
  await store.write(key, inOnePiece(bytes))
  return key
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
