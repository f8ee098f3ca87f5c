import type { Attachment } from 'svelte/attachments'

const ROW_HEIGHT_PX = 64
const ROWS_AROUND = 8

/** Which rows of a long list are near the visible part. All rows have one height, so it is plain arithmetic. */
export class RowWindow {
  #scrollTop = $state.raw(0)
  #viewport = $state.raw(900)
  #rowCount: () => number
  #element: HTMLElement | null = null
  readonly rowHeight = ROW_HEIGHT_PX

  constructor(rowCount: () => number) {
    this.#rowCount = rowCount
  }

  get first(): number {
    return Math.max(0, Math.floor(this.#scrollTop / ROW_HEIGHT_PX) - ROWS_AROUND)
  }

  get last(): number {
    const last = Math.ceil((this.#scrollTop + this.#viewport) / ROW_HEIGHT_PX) + ROWS_AROUND
    return Math.min(this.#rowCount(), last)
  }

  get height(): number {
    return this.#rowCount() * ROW_HEIGHT_PX
  }

  /** Brings a row into view, by as little as that takes. */
  reveal(index: number) {
    const element = this.#element
    if (index < 0 || !element) return
    const top = index * ROW_HEIGHT_PX
    const lowest = top + ROW_HEIGHT_PX - element.clientHeight
    element.scrollTop = Math.max(lowest, Math.min(top, element.scrollTop))
  }

  attach: Attachment<HTMLElement> = (element) => {
    this.#element = element
    const measure = () => {
      this.#scrollTop = element.scrollTop
      this.#viewport = element.clientHeight
    }
    const resized = new ResizeObserver(measure)
    resized.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      this.#element = null
      resized.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }
}
