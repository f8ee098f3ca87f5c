import type { Attachment } from 'svelte/attachments'

const SHOWN_MS = 2_000

/** Copies a text. Without the clipboard, as on plain http, the text is selected instead, ready for the keyboard. */
export class Copying {
  #isDone = $state.raw(false)
  #element: HTMLElement | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  get isDone(): boolean {
    return this.#isDone
  }

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      this.#select()
      return
    }
    this.#isDone = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#isDone = false
    }, SHOWN_MS)
  }

  attach: Attachment<HTMLElement> = (element) => {
    this.#element = element
    return () => {
      this.#element = null
      clearTimeout(this.#timer)
    }
  }

  #select() {
    if (!this.#element) return
    this.#element.focus()
    getSelection()?.selectAllChildren(this.#element)
  }
}
