import type { Attachment } from 'svelte/attachments'

export const ROW_HEIGHT_PX = 62
const ROWS_AROUND = 8
/** Before the first measure. */
const FIRST_ROWS = 24

/**
 * Which rows of a long list are near the visible part. All rows have one height, so it is plain arithmetic, and a row has its place
 * before it is drawn: no library that measures (docs/decisions/0019).
 */
export class RowWindow {
  #range = $state.raw({ first: 0, last: FIRST_ROWS })
  #isScrolled = $state.raw(false)
  #element: HTMLElement | null = null
  /** As they were when the page last told. */
  #scrollTop = 0
  #height = 0
  readonly rowHeight = ROW_HEIGHT_PX

  constructor(private readonly rowCount: () => number) {}

  get first(): number {
    return Math.min(this.#range.first, Math.max(0, this.rowCount() - 1))
  }

  get last(): number {
    return Math.min(this.#range.last, this.rowCount())
  }

  get height(): number {
    return this.rowCount() * ROW_HEIGHT_PX
  }

  /** Away from the top by a row or more. */
  get isScrolled(): boolean {
    return this.#isScrolled
  }

  /** Brings a row into view, by as little as that takes. Asks the page for nothing: it may be about to be drawn anew. */
  reveal(index: number) {
    const element = this.#element
    if (index < 0 || !element) return
    if (this.#height === 0) this.#measure(element)
    const top = index * ROW_HEIGHT_PX
    const lowest = top + ROW_HEIGHT_PX - this.#height
    const wanted = Math.max(lowest, Math.min(top, this.#scrollTop))
    if (wanted === this.#scrollTop) return
    element.scrollTop = wanted
    this.#measure(element)
  }

  toTop() {
    this.#element?.scrollTo({ top: 0 })
  }

  attach: Attachment<HTMLElement> = (element) => {
    this.#element = element
    const measure = () => this.#measure(element)
    const resized = new ResizeObserver(measure)
    resized.observe(element)
    element.addEventListener('scroll', measure, { passive: true })
    return () => {
      this.#element = null
      resized.disconnect()
      element.removeEventListener('scroll', measure)
    }
  }

  /** Scrolling within a row's height changes nothing, so it draws nothing. */
  #measure({ scrollTop, clientHeight }: HTMLElement) {
    this.#scrollTop = scrollTop
    this.#height = clientHeight
    const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT_PX) - ROWS_AROUND)
    const last = Math.ceil((scrollTop + clientHeight) / ROW_HEIGHT_PX) + ROWS_AROUND
    if (first !== this.#range.first || last !== this.#range.last) this.#range = { first, last }
    this.#isScrolled = scrollTop >= ROW_HEIGHT_PX
  }
}
