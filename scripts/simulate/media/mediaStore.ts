import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaRecord } from '../entry.ts'
import type { History } from '../history.ts'
import { newMediaId } from '../identity.ts'

/** The files that customers and the business sent: in a folder beside the journal, or in memory without one. */
export class MediaStore {
  private readonly inMemory = new Map<string, Uint8Array<ArrayBuffer>>()

  constructor(
    private readonly folder: string | undefined,
    private readonly history: History,
  ) {
    if (folder) mkdirSync(folder, { recursive: true })
  }

  async keep(bytes: Uint8Array<ArrayBuffer>, mimeType: string, fileName?: string): Promise<MediaRecord> {
    const media: MediaRecord = {
      id: newMediaId(),
      mimeType,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
      ...(fileName === undefined ? {} : { fileName }),
    }
    if (this.folder) await Bun.write(join(this.folder, media.id), bytes)
    else this.inMemory.set(media.id, bytes)
    this.history.record({ kind: 'media', at: this.history.now(), media })
    return media
  }

  async read(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    if (!this.history.world.media.has(id)) return undefined
    if (!this.folder) return this.inMemory.get(id)
    const file = Bun.file(join(this.folder, id))
    return (await file.exists()) ? file.bytes() : undefined
  }

  async remove(id: string): Promise<void> {
    this.history.record({ kind: 'media-deleted', at: this.history.now(), id })
    this.inMemory.delete(id)
    if (this.folder) await rm(join(this.folder, id), { force: true })
  }
}
