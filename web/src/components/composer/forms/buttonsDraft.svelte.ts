import { LIMITS } from '#lib/inbox/limits.ts'
import type { PlainOutgoing } from '#lib/inbox/shownAs.ts'
import { Frame } from './frame.svelte.ts'

/** A message with up to three buttons, while it is put together. */
export class ButtonsDraft {
  readonly frame = new Frame()
  readonly buttons = $state([{ title: '' }])

  get canAdd(): boolean {
    return this.buttons.length < LIMITS.mostButtons
  }

  get trouble(): string | null {
    return areDistinct(this.#titles) ? null : 'Two buttons say the same: the answer could not be told apart.'
  }

  get fits(): boolean {
    const isEach = this.#titles.every((title) => title !== '' && title.length <= LIMITS.buttonTitleLength)
    return this.frame.fits && isEach && this.trouble === null
  }

  get content(): PlainOutgoing {
    const buttons = this.#titles.map((title, index) => ({ id: `button-${index + 1}`, title }))
    return { kind: 'buttons', ...this.frame.words, buttons }
  }

  add() {
    if (this.canAdd) this.buttons.push({ title: '' })
  }

  remove(index: number) {
    this.buttons.splice(index, 1)
  }

  get #titles(): string[] {
    return this.buttons.map(({ title }) => title.trim())
  }
}

/** WhatsApp takes each title once. Those that are not written yet do not count. */
export function areDistinct(titles: readonly string[]): boolean {
  const written = titles.filter((title) => title !== '')
  return new Set(written).size === written.length
}
