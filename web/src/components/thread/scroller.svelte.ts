import type { Attachment } from 'svelte/attachments'

const NEAR_BOTTOM_PX = 80
const NEAR_TOP_PX = 900
const SMOOTH_UP_TO_PX = 1_500

/**
 * Where the reader is in a thread. The scrolling element is `column-reverse`: its origin is the bottom, so older pages that
 * come above, and chunks above that change their height, move nothing that is being read.
 */
export class Scroller {
  #isAtBottom = $state.raw(true)
  #isNearTop = $state.raw(false)
  #element: HTMLElement | null = null

  get isAtBottom(): boolean {
    return this.#isAtBottom
  }

  get isNearTop(): boolean {
    return this.#isNearTop
  }

  get element(): HTMLElement | null {
    return this.#element
  }

  /** Smoothly when it is near; from further away, what flies past would only be work. */
  toBottom() {
    if (!this.#element) return
    const isNear = Math.abs(this.#element.scrollTop) < SMOOTH_UP_TO_PX
    this.#element.scrollTo({ top: 0, behavior: isNear ? 'smooth' : 'instant' })
  }

  /** Brings the line of what is new into view, when it is not. */
  toNewLine() {
    const line = this.#element?.querySelector('[data-new-line]')
    const view = this.#element?.getBoundingClientRect()
    if (line && view && line.getBoundingClientRect().top < view.top) line.scrollIntoView({ block: 'start' })
  }

  attach: Attachment<HTMLElement> = (element) => {
    this.#element = element
    const measure = () => {
      const fromBottom = Math.abs(element.scrollTop)
      this.#isAtBottom = fromBottom < NEAR_BOTTOM_PX
      this.#isNearTop = element.scrollHeight - element.clientHeight - fromBottom < NEAR_TOP_PX
    }
    measure()
    const resized = new ResizeObserver(measure)
    resized.observe(element)
    if (element.firstElementChild) resized.observe(element.firstElementChild)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      this.#element = null
      resized.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }
}
