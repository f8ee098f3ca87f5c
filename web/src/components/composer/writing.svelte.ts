import { firstGap, type Gap } from '#lib/composing/gaps.ts'
import type { Parcel } from '#lib/composing/sendLater.svelte.ts'
import type { AnyRow } from '#lib/composing/sources.ts'
import type { Suggesting } from '#lib/composing/suggesting.svelte.ts'
import type { Composition } from '#lib/inbox/composition.svelte.ts'
import { LIMITS } from '#lib/inbox/limits.ts'
import type { Replying } from '#lib/inbox/replying.svelte.ts'
import type { TextField } from './textField.svelte.ts'

type Place = {
  replying: Replying
  composition: Composition
  field: TextField
  suggesting: Suggesting<AnyRow>
  resolve(): void
}

/** The answer: what Enter and paste do with the words of the text field, and with the files above it. */
export class Writing {
  #isGapShown = $state.raw(false)

  constructor(private readonly place: Place) {}

  get text(): string {
    return this.place.replying.text
  }

  get isTooLong(): boolean {
    return this.text.length > LIMITS.textLength
  }

  /** What a canned reply lacks and nobody has written yet. */
  get gap(): Gap | null {
    return firstGap(this.text)
  }

  /** Enter was pressed, and led to it instead of sending. */
  get isGapShown(): boolean {
    return this.#isGapShown && this.gap !== null
  }

  get canSend(): boolean {
    const { tray } = this.place.composition
    if (this.isTooLong || tray.isSending) return false
    return tray.files.length > 0 ? tray.canSend : this.text.trim() !== ''
  }

  /** With files, the words go with the first one where they fit as its caption; else ahead of them, on their own. True when it went. */
  send(): boolean {
    if (!this.canSend || this.#leadToGap()) return false
    const { composition, replying } = this.place
    const [first] = composition.tray.files
    if (replying.isHeldBack || (!first && composition.isPlain)) {
      const isHeldBack = replying.isHeldBack
      replying.send()
      return !isHeldBack
    }
    const { text } = this
    const isCaption = first?.takesCaption && first.caption === '' && text.length <= LIMITS.captionLength
    if (first && isCaption) first.caption = text.trim()
    else if (text.trim() !== '') composition.sendText(text)
    replying.typed('')
    if (first) void composition.tray.sendAll()
    return true
  }

  /** Why this cannot be sent later; null: it can. */
  get notLater(): string | null {
    if (this.place.composition.tray.files.length > 0)
      return 'Files go out at once. Send them now, or schedule the words alone.'
    if (this.isTooLong) return 'The text is too long to be sent.'
    return this.gap && `The ${this.gap.words} is not known yet. Write it in first.`
  }

  /** The words, with the message that they answer. */
  get parcel(): Parcel | null {
    if (this.notLater !== null || this.text.trim() === '') return null
    const { quoted, hasPreview } = this.place.composition
    const content = { kind: 'text' as const, text: this.text, ...(!hasPreview && { preview: false }) }
    return { content, ...(quoted && { quotedMessageId: quoted.id }) }
  }

  /** The words wait on the server now; what was written meanwhile stays. */
  wasTaken({ content }: Parcel) {
    const { composition, replying } = this.place
    if (content.kind !== 'text' || content.text !== this.text) return
    composition.quote(null)
    composition.preview(true)
    replying.emptied()
  }

  typed(text: string) {
    this.#isGapShown = false
    this.place.replying.typed(text)
  }

  key(event: KeyboardEvent) {
    const { replying, suggesting, resolve } = this.place
    if (suggesting.key(event)) return
    const isGuarded = replying.bar?.is === 'guard'
    if (event.key === 'Escape' && isGuarded) {
      event.preventDefault()
      replying.dismissGuard()
    }
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    const isWithResolve = event.ctrlKey || event.metaKey
    if (isGuarded && isWithResolve) replying.sendAnyway()
    else if (this.send() && isWithResolve) resolve()
  }

  /** A picture that was copied, or files. Text that comes with a picture of itself, as from a spreadsheet, stays text. */
  paste(event: ClipboardEvent) {
    const { clipboardData } = event
    if (!clipboardData || clipboardData.files.length === 0 || clipboardData.types.includes('text/plain'))
      return
    event.preventDefault()
    const { composition, replying } = this.place
    composition.tray.add(clipboardData.files)
    replying.touched()
  }

  focused() {
    this.place.replying.focused()
  }

  blurred() {
    this.place.replying.blurred()
  }

  showGap() {
    const { gap } = this
    if (gap) this.place.field.select(gap.start, gap.end)
  }

  /** A customer is not to read `[customer’s name]`: Enter leads there as often as it is still empty. */
  #leadToGap(): boolean {
    if (this.gap === null) return false
    this.#isGapShown = true
    this.showGap()
    return true
  }
}
