import type { Attachment } from 'svelte/attachments'
import { replaceInField, typeIntoField } from '#lib/composing/fieldEdit.ts'

/** The text field of the composer, whichever stands there now: what others do in it, at its caret. */
export class TextField {
  #element: HTMLTextAreaElement | null = null

  attach: Attachment<HTMLTextAreaElement> = (element) => {
    this.#element = element
    return () => {
      if (this.#element === element) this.#element = null
    }
  }

  focus() {
    this.#element?.focus()
  }

  /** At the caret, where it stood last. */
  type(words: string) {
    if (this.#element) typeIntoField(this.#element, words)
  }

  replace(start: number, end: number, words: string) {
    if (this.#element) replaceInField(this.#element, start, end, words)
  }

  select(start: number, end: number) {
    this.#element?.focus()
    this.#element?.setSelectionRange(start, end)
  }

  /** A sign that opens a list, as a word of its own. */
  begin(sign: string) {
    const { value = '', selectionStart = 0 } = this.#element ?? {}
    const isFree = selectionStart === 0 || /\s/.test(value.charAt(selectionStart - 1))
    this.type(isFree ? sign : ` ${sign}`)
  }
}
