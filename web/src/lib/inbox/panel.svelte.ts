import { OpenSections } from '../contact/openSections.svelte.ts'
import { keptIn } from './kept.ts'

/**
 * Whether the contact stands beside the thread. Where there is room it stays as it was left, on this device; where there is
 * none it lies over the thread, and is opened each time.
 */
export class ContactPanelState {
  #kept = keptIn(localStorage, 'baton:contact-panel', (value): value is boolean => typeof value === 'boolean')
  #isBeside = $state.raw(this.#kept.read() ?? true)
  readonly sections = new OpenSections()
  /** Over the thread. */
  isOver = $state(false)

  get isBeside(): boolean {
    return this.#isBeside
  }

  /** `hasRoom`: whether it fits beside the thread. */
  toggle(hasRoom: boolean) {
    if (!hasRoom) {
      this.isOver = !this.isOver
      return
    }
    this.#isBeside = !this.#isBeside
    this.#kept.write(this.#isBeside)
  }
}
