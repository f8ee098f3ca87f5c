import type { Composition } from '#lib/inbox/composition.svelte.ts'
import type { Drafts } from '#lib/inbox/drafts.svelte.ts'
import { LIMITS } from '#lib/inbox/limits.ts'

/** The text field: what is in it, and what Enter and paste do. */
export class Writing {
  constructor(
    private readonly conversationId: () => string,
    private readonly composition: () => Composition,
    private readonly drafts: Drafts,
  ) {}

  get text(): string {
    return this.drafts.of(this.conversationId())
  }

  get isTooLong(): boolean {
    return this.text.length > LIMITS.textLength
  }

  get canSend(): boolean {
    const { tray } = this.composition()
    if (this.isTooLong || tray.isSending) return false
    return tray.files.length > 0 ? tray.canSend : this.text.trim() !== ''
  }

  write(text: string) {
    this.drafts.set(this.conversationId(), text)
  }

  /** With files, the words go with the first one where they fit as its caption; else ahead of them, on their own. */
  send() {
    if (!this.canSend) return
    const composition = this.composition()
    const { text } = this
    const [first] = composition.tray.files
    const isCaption = first?.takesCaption && first.caption === '' && text.length <= LIMITS.captionLength
    if (first && isCaption) first.caption = text.trim()
    else if (text.trim() !== '') composition.sendText(text)
    this.write('')
    if (first) void composition.tray.sendAll()
  }

  key(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    this.send()
  }

  /** A picture that was copied, or files. Text that comes with a picture of itself, as from a spreadsheet, stays text. */
  paste(event: ClipboardEvent) {
    const { clipboardData } = event
    if (!clipboardData || clipboardData.files.length === 0 || clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    this.composition().tray.add(clipboardData.files)
  }
}
