import type { Composition } from '#lib/inbox/composition.svelte.ts'
import { LIMITS } from '#lib/inbox/limits.ts'
import type { Replying } from '#lib/inbox/replying.svelte.ts'

/** The text field: what Enter and paste do with what is in it, and with the files above it. */
export class Writing {
  constructor(
    private readonly replying: () => Replying,
    private readonly composition: () => Composition,
  ) {}

  get text(): string {
    return this.replying().text
  }

  get isTooLong(): boolean {
    return this.text.length > LIMITS.textLength
  }

  get canSend(): boolean {
    const { tray } = this.composition()
    if (this.isTooLong || tray.isSending) return false
    return tray.files.length > 0 ? tray.canSend : this.text.trim() !== ''
  }

  /** With files, the words go with the first one where they fit as its caption; else ahead of them, on their own. */
  send() {
    if (!this.canSend) return
    const [composition, replying] = [this.composition(), this.replying()]
    const [first] = composition.tray.files
    if (replying.isHeldBack || (!first && !composition.quoted)) return replying.send()
    const { text } = this
    const isCaption = first?.takesCaption && first.caption === '' && text.length <= LIMITS.captionLength
    if (first && isCaption) first.caption = text.trim()
    else if (text.trim() !== '') composition.sendText(text)
    replying.typed('')
    if (first) void composition.tray.sendAll()
  }

  key(event: KeyboardEvent) {
    const replying = this.replying()
    const isGuarded = replying.bar?.is === 'guard'
    if (event.key === 'Escape' && isGuarded) {
      event.preventDefault()
      replying.dismissGuard()
    }
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    if (isGuarded && (event.ctrlKey || event.metaKey)) replying.sendAnyway()
    else this.send()
  }

  /** A picture that was copied, or files. Text that comes with a picture of itself, as from a spreadsheet, stays text. */
  paste(event: ClipboardEvent) {
    const { clipboardData } = event
    if (!clipboardData || clipboardData.files.length === 0 || clipboardData.types.includes('text/plain'))
      return
    event.preventDefault()
    this.composition().tray.add(clipboardData.files)
    this.replying().touched()
  }
}
