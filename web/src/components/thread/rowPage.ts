import type { Attachment } from 'svelte/attachments'
import type { Anchor, RowHeights } from '#lib/inbox/rowsAround.ts'

let lastHeight = 0

/** The rows of a list as they stand on the page: the view that scrolls, the rows that are drawn, and the empty spaces around them. */
export class RowPage {
  #view: HTMLElement | null = null
  #above: HTMLElement | null = null
  #below: HTMLElement | null = null
  #abovePx = 0
  #belowPx = 0
  #height = 0
  #elements = new Map<string, HTMLElement>()
  #observer: ResizeObserver

  /** `resized` runs, before anything is painted, whenever the view or a row has another height. */
  constructor(resized: () => void) {
    this.#observer = new ResizeObserver(resized)
  }

  get view(): HTMLElement | null {
    return this.#view
  }

  /** Of the space above what is drawn. */
  get abovePx(): number {
    return this.#abovePx
  }

  // Written only when it is another: whatever is written makes the browser lay the page out again.
  set abovePx(px: number) {
    if (this.#above && px !== this.#abovePx) this.#above.style.height = `${px}px`
    this.#abovePx = px
  }

  /** Of the space below. */
  get belowPx(): number {
    return this.#belowPx
  }

  set belowPx(px: number) {
    if (this.#below && px !== this.#belowPx) this.#below.style.height = `${px}px`
    this.#belowPx = px
  }

  /** Of the view, when it was measured last; before that, of any thread's: to ask would lay the page out. */
  get height(): number {
    lastHeight = this.#height || lastHeight || window.innerHeight
    return lastHeight
  }

  /** How far the end of the list is below the view. */
  get distanceBelow(): number {
    const view = this.#view
    return view ? view.scrollHeight - view.clientHeight - view.scrollTop : 0
  }

  /** Of everything in the view, with fractions. */
  get contentHeight(): number {
    return this.#view?.firstElementChild?.getBoundingClientRect().height ?? 0
  }

  observe(view: HTMLElement): () => void {
    this.#view = view
    this.#observer.observe(view)
    return () => {
      this.#view = null
      this.#observer.disconnect()
    }
  }

  above: Attachment<HTMLElement> = (element) => {
    this.#above = element
  }

  below: Attachment<HTMLElement> = (element) => {
    this.#below = element
  }

  row(key: string): Attachment<HTMLElement> {
    return (element) => {
      this.#elements.set(key, element)
      this.#observer.observe(element)
      return () => {
        this.#elements.delete(key)
        this.#observer.unobserve(element)
        // The keyboard goes on from the thread, not from the top of the page.
        if (element.contains(document.activeElement)) this.#view?.focus({ preventScroll: true })
      }
    }
  }

  /** The browser lets go of the rows that have left: Chromium holds on to them as long as it keeps what it has laid out. */
  forget() {
    const list = this.#view?.parentElement
    if (!list) return
    list.style.display = 'none'
    void list.offsetHeight
    list.style.display = ''
  }

  /** Whatever has the focus in here must not be acted on from elsewhere. */
  leave() {
    const { activeElement } = document
    if (activeElement instanceof HTMLElement && this.#view?.contains(activeElement)) activeElement.blur()
  }

  element(key: string): HTMLElement | null {
    return this.#elements.get(key) ?? null
  }

  /** How far below the top of the view a row begins; null when it is not drawn. */
  topOf(key: string): number | null {
    const element = this.#elements.get(key)
    if (!element || !this.#view) return null
    return element.getBoundingClientRect().top - this.#view.getBoundingClientRect().top
  }

  /** Of those of these rows that are drawn. */
  topsOf(keys: readonly string[]): Anchor[] {
    return keys.flatMap((key) => {
      const top = this.topOf(key)
      return top === null ? [] : [{ key, top }]
    })
  }

  isInView(key: string): boolean {
    const top = this.topOf(key)
    const height = this.#elements.get(key)?.clientHeight ?? 0
    return top !== null && top >= 0 && top + height <= this.height
  }

  measure(heights: RowHeights) {
    this.#height = this.#view?.clientHeight ?? 0
    for (const [key, element] of this.#elements) heights.measured(key, element.getBoundingClientRect().height)
  }
}
