import type { MediaKind, MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import { type FileTrouble, fileTrouble, kindOf } from './mediaRules.ts'
import { smallerCopy } from './shrink.ts'
import { type Upload, type Uploaded, upload } from './upload.ts'

/**
 *     checked ──> uploading ──> ready
 *        │            ├──> away ── try again ──> uploading
 *        └──> refused <┘    (a smaller copy, or as a document: checked again)
 */
export type TrayState = 'uploading' | 'ready' | 'away' | 'refused'

const PREVIEWED: ReadonlySet<MediaKind> = new Set(['image', 'video'])

/** A file that was chosen and is not sent yet: it is uploaded at once, while its caption is written. */
export class TrayFile {
  readonly key = crypto.randomUUID()
  caption = $state('')
  #file = $state.raw<File>() as File
  #kind = $state.raw<MediaKind>('document')
  #state = $state.raw<TrayState>('uploading')
  #progress = $state.raw(0)
  #trouble = $state.raw<FileTrouble | null>(null)
  #media = $state.raw<MediaSnapshot | null>(null)
  #preview = $state.raw<string | null>(null)
  #upload: Upload | null = null
  #settled = Promise.resolve()

  constructor(
    file: File,
    private readonly channelId: string,
    kind: MediaKind = kindOf(file),
  ) {
    this.#take(file, kind)
  }

  get name(): string {
    return this.#file.name
  }

  get size(): number {
    return this.#file.size
  }

  get type(): string {
    return this.#file.type
  }

  get kind(): MediaKind {
    return this.#kind
  }

  get state(): TrayState {
    return this.#state
  }

  /** 0 to 1. */
  get progress(): number {
    return this.#progress
  }

  get trouble(): FileTrouble | null {
    return this.#trouble
  }

  get media(): MediaSnapshot | null {
    return this.#media
  }

  /** Of a picture or a video: where the browser finds it. */
  get preview(): string | null {
    return this.#preview
  }

  get takesCaption(): boolean {
    return this.#kind !== 'audio' && this.#kind !== 'sticker'
  }

  /** When it is ready, or will not be without somebody's help. */
  get settled(): Promise<void> {
    return this.#settled
  }

  retry() {
    if (this.#state === 'away') this.#start()
  }

  asDocument() {
    this.#take(this.#file, 'document')
  }

  async shrink() {
    const copy = await smallerCopy(this.#file)
    if (copy) this.#take(copy, 'image')
    else
      this.#refuse({ words: 'This browser cannot read the picture.', canShrink: false, canBeDocument: true })
  }

  dispose() {
    this.#upload?.abort()
    if (this.#preview) URL.revokeObjectURL(this.#preview)
  }

  #take(file: File, kind: MediaKind) {
    this.dispose()
    this.#file = file
    this.#kind = kind
    this.#preview = PREVIEWED.has(kind) ? URL.createObjectURL(file) : null
    const trouble = fileTrouble(kind, file)
    if (trouble) this.#refuse(trouble)
    else this.#start()
  }

  #start() {
    this.#state = 'uploading'
    this.#trouble = null
    this.#progress = 0
    const target = { channelId: this.channelId, kind: this.#kind, filename: this.#file.name }
    const started = upload(this.#file, target, (share) => {
      this.#progress = share
    })
    this.#upload = started
    this.#settled = started.done.then((outcome) => {
      if (this.#upload === started) this.#settle(outcome)
    })
  }

  #settle(outcome: Uploaded) {
    if ('media' in outcome) {
      this.#media = outcome.media
      this.#state = 'ready'
    }
    if ('refused' in outcome)
      this.#refuse({ words: outcome.refused, canShrink: false, canBeDocument: this.#kind !== 'document' })
    if ('away' in outcome) {
      this.#state = 'away'
      this.#trouble = { words: outcome.away, canShrink: false, canBeDocument: false }
    }
  }

  #refuse(trouble: FileTrouble) {
    this.#state = 'refused'
    this.#trouble = trouble
  }
}
