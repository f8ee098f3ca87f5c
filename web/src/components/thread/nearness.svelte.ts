import type { Attachment } from 'svelte/attachments'

const MARGIN_PX = 1500

/**
 * Whether a chunk is near the visible part of its scroller. A chunk that is not gives its elements up and keeps its measured
 * height, so a thread of ten thousand messages costs what the few around the reader cost.
 */
export class Nearness {
  #isNear = $state.raw(true)
  #height = $state.raw(0)

  get isNear(): boolean {
    return this.#isNear
  }

  get height(): number {
    return this.#height
  }

  attach: Attachment<HTMLElement> = (element) => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return
        if (this.#isNear) this.#height = entry.boundingClientRect.height
        this.#isNear = entry.isIntersecting
      },
      { root: element.closest('[data-thread]'), rootMargin: `${MARGIN_PX}px 0px` },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }
}
