import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkKey } from './mediaKey.ts'
import type { MediaStore } from './mediaStore.ts'

/** Files that are still being written. In the same folder tree as the finished ones, so that a rename stays a rename. */
const UNFINISHED = 'unfinished'
/** No write takes so long: what is older was left behind by a process that was killed. */
const LEFT_BEHIND_AFTER_MS = 24 * 60 * 60 * 1000

/** Files in a folder of this machine, or of a disk that all machines share. */
export function openLocalStore(folder: string): MediaStore {
  const pathOf = (key: string) => join(folder, checkKey(key))
  const unfinished = join(folder, UNFINISHED)
  void removeLeftBehind(unfinished)

  return {
    async write(key, source) {
      const path = pathOf(key)
      const draft = join(unfinished, crypto.randomUUID())
      await mkdir(unfinished, { recursive: true, mode: 0o700 })
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      try {
        const file = await open(draft, 'wx', 0o600)
        let written = 0
        try {
          for await (const piece of source) {
            await writeAll(file, piece)
            written += piece.byteLength
          }
          // Before the row says `stored`: a power cut must not leave a row without its bytes.
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(draft, path)
        return written
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },
    read(key, range) {
      const file = Bun.file(pathOf(key))
      return range ? file.slice(range.start, range.end) : file
    },
    async size(key) {
      const found = await stat(pathOf(key)).catch(unlessMissing)
      return found?.size ?? null
    },
    async remove(key) {
      await rm(pathOf(key), { force: true })
    },
  }
}

/** A write may take less than it was given. */
async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.byteLength; ) {
    const { bytesWritten } = await file.write(piece, at)
    at += bytesWritten
  }
}

async function removeLeftBehind(unfinished: string): Promise<void> {
  const before = Date.now() - LEFT_BEHIND_AFTER_MS
  for (const name of await readdir(unfinished).catch(() => [])) {
    const found = await stat(join(unfinished, name)).catch(() => null)
    if (found && found.mtimeMs < before) await rm(join(unfinished, name), { force: true }).catch(() => {})
  }
}

function unlessMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
