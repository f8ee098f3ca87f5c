import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { MediaRecord } from '../entry.ts'
import type { History } from '../history.ts'
import { newMediaId } from '../identity.ts'
import { inspect } from './inspect.ts'

const dayMs = 24 * 3_600_000
/** How long WhatsApp keeps a file, by who sent it. */
const lifeMs = { customer: 7 * dayMs, business: 30 * dayMs }

export interface NewFile {
  bytes: Uint8Array<ArrayBuffer>
  mimeType: string
  fileName?: string | undefined
  author: 'customer' | 'business'
}

/** The files that customers and the business sent: in a folder beside the journal, or in memory without one. */
export class MediaStore {
  private readonly inMemory = new Map<string, Uint8Array<ArrayBuffer>>()

  constructor(
    private readonly folder: string | undefined,
    private readonly history: History,
  ) {
    if (folder) mkdirSync(folder, { recursive: true })
  }

  async keep({ bytes, mimeType, fileName, author }: NewFile): Promise<MediaRecord> {
    const at = this.history.now()
    const media: MediaRecord = {
      id: newMediaId(),
      mimeType,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sizeBytes: bytes.length,
      expiresAt: at + lifeMs[author],
      ...inspect(bytes),
      ...(fileName === undefined ? {} : { fileName }),
    }
    if (this.folder) await Bun.write(join(this.folder, media.id), bytes)
    else this.inMemory.set(media.id, bytes)
    this.history.record({ kind: 'media', at, media })
    return media
  }

  /** What is known of a file that WhatsApp still has. */
  find(id: string): MediaRecord | undefined {
    const media = this.history.world.media.get(id)
    return media && (media.expiresAt ?? Number.POSITIVE_INFINITY) > this.history.now() ? media : undefined
  }

  /** A file's bytes as a body: from the disk it is streamed, so that a hundred megabytes cost no memory. */
  async open(id: string): Promise<Blob | undefined> {
    if (!this.find(id)) return undefined
    if (!this.folder) {
      const bytes = this.inMemory.get(id)
      return bytes && new Blob([bytes])
    }
    const file = Bun.file(join(this.folder, id))
    return (await file.exists()) ? file : undefined
  }

  async remove(id: string): Promise<void> {
    this.history.record({ kind: 'media-deleted', at: this.history.now(), id })
    this.inMemory.delete(id)
    if (this.folder) await rm(join(this.folder, id), { force: true })
  }
}
