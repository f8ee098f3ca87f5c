import type { MediaKind, MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import { LIMITS } from '../inbox/limits.ts'
import { TrayFile } from './trayFile.svelte.ts'

export type ReadyFile = { kind: MediaKind; media: MediaSnapshot; caption: string }

/** More at once is a slip of the hand. */
const MOST_FILES = 30

/** The files of one conversation that wait to be sent, in the order in which they go out. */
export class Tray {
  #files = $state.raw<readonly TrayFile[]>([])
  #isSending = $state.raw(false)
  #note = $state.raw<string | null>(null)

  constructor(
    private readonly channelId: string,
    private readonly send: (file: ReadyFile) => void,
  ) {}

  get files(): readonly TrayFile[] {
    return this.#files
  }

  /** Send was pressed, and something is still on its way up. */
  get isSending(): boolean {
    return this.#isSending
  }

  get note(): string | null {
    return this.#note
  }

  get canSend(): boolean {
    return (
      this.#files.length > 0 &&
      this.#files.every(({ state, caption }) => state !== 'refused' && caption.length <= LIMITS.captionLength)
    )
  }

  add(files: Iterable<File>) {
    const chosen = [...files]
    const room = MOST_FILES - this.#files.length
    this.#note =
      chosen.length > room ? `Up to ${MOST_FILES} files go at once: the first ${room} were taken.` : null
    const taken = chosen.slice(0, room).map((file) => new TrayFile(file, this.channelId))
    this.#files = [...this.#files, ...taken]
  }

  remove(file: TrayFile) {
    file.dispose()
    this.#files = this.#files.filter((one) => one !== file)
    this.#note = null
  }

  clear() {
    for (const file of this.#files) file.dispose()
    this.#files = []
    this.#note = null
  }

  /** Sends them one after the other as they are ready; stops before the first that needs help, so that their order holds. */
  async sendAll(): Promise<void> {
    if (this.#isSending || !this.canSend) return
    this.#isSending = true
    for (const file of this.#files) if (file.state === 'away') file.retry()
    for (;;) {
      const [next] = this.#files
      if (!next) break
      await next.settled
      if (!this.#files.includes(next)) continue
      const { state, media, kind, caption } = next
      if (state !== 'ready' || media === null) break
      this.send({ kind, media, caption: next.takesCaption ? caption.trim() : '' })
      this.remove(next)
    }
    this.#isSending = false
  }
}
