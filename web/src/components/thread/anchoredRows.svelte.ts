import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { type Centre, RowHeights, type RowRange, rowsAround, rowsAtEnd } from '#lib/inbox/rowsAround.ts'

/** Rows within this distance above and below the view are drawn; once half of it is used up, more are. */
const MARGIN_PX = 360
const STUCK_WITHIN_PX = 24
const NEAR_PX = 1_200
const SMOOTH_UP_TO_PX = 1_500
const FIRST_GUESS_PX = 64
/** Room above what is drawn, for rows that are not, within which no scrolling has to be corrected. */
const ROOM_PX = 2_000
const EXACT_PX = 0.05
const LEEWAY_PX = 100_000

/** What must not move: the row with this key, with its top so far below the top of the view. */
type Anchor = { key: string; top: number }
type Drawn<Item> = RowRange & { rows: readonly Item[]; keys: readonly string[] }

/**
 * The rows of a long list that are drawn, and the promise that nothing jumps. They stand in ordinary flow between two empty
 * spaces. After whatever changed (rows above, an image that came late, the height of the view) the row that the reader has at
 * the top is brought back to where it was, as the page itself measures it: by making the space above smaller or larger, or,
 * where there is not enough of it, by scrolling. At the bottom, the bottom stays. docs/decisions/0019 says why.
 */
export class AnchoredRows<Item extends { key: string }> {
  #items: () => readonly Item[]
  #isEnd: () => boolean
  #heights = new RowHeights(FIRST_GUESS_PX)
  #elements = new Map<string, HTMLElement>()
  #observer = new ResizeObserver(() => this.settle())
  #view: HTMLElement | null = null
  #above: HTMLElement | null = null
  #below: HTMLElement | null = null
  #abovePx = 0
  /** Null: the end of the list is at the bottom of the view. */
  #anchor = $state.raw<Anchor | null>(null)
  /** Rows that were drawn and their tops, for when that of the anchor is gone. */
  #drawnTops: Anchor[] = []
  /** What was drawn when everything was last brought in place. */
  #settled: Drawn<Item> | null = null
  #seenScroll = 0
  #isGoingDown = false
  #isAtBottom = $state.raw(true)
  #isNearTop = $state.raw(false)
  #isNearBottom = $state.raw(false)
  #topKey = $state.raw<string | null>(null)
  /** Grows when other rows have to be drawn though neither the items nor the anchor are others. */
  #turn = $state.raw(0)
  #drawn: Drawn<Item> = $derived.by(() => {
    void this.#turn
    return this.#draw(this.#items(), this.#anchor)
  })

  /** `isEnd`: nothing stands below the last item, so that whoever is at the bottom stays there. */
  constructor(items: () => readonly Item[], isEnd: () => boolean) {
    this.#items = items
    this.#isEnd = isEnd
  }

  get rows(): readonly Item[] {
    return this.#drawn.rows
  }

  /** At the bottom of what is held, wherever that is. */
  get isAtBottom(): boolean {
    return this.#isAtBottom
  }

  get isNearTop(): boolean {
    return this.#isNearTop
  }

  get isNearBottom(): boolean {
    return this.#isNearBottom
  }

  /** The key of the row at the top of the view. */
  get topKey(): string | null {
    return this.#topKey
  }

  view: Attachment<HTMLElement> = (element) => {
    this.#view = element
    this.#observer.observe(element)
    const scrolled = () => this.#scrolled()
    const ended = () => this.#ended()
    const taken = () => (this.#isGoingDown = false)
    const listening = new AbortController()
    const how = { passive: true, signal: listening.signal }
    element.addEventListener('scroll', scrolled, how)
    element.addEventListener('scrollend', ended, how)
    for (const act of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
      element.addEventListener(act, taken, how)
    return () => {
      this.#view = null
      this.#observer.disconnect()
      listening.abort()
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

  /** Smoothly when it is near; from further away, what flies past would only be work. */
  toBottom() {
    const view = this.#view
    if (!view) return
    const isNear = view.scrollHeight - view.clientHeight - view.scrollTop < SMOOTH_UP_TO_PX
    if (isNear && !isStill()) {
      this.#isGoingDown = true
      view.scrollTo({ top: view.scrollHeight, behavior: 'smooth' })
      return
    }
    this.#anchor = null
    this.settle()
  }

  /** Brings a row to a place in the view; `share`: how far down in it. */
  toRow(key: string, share: number) {
    const height = this.#view?.clientHeight ?? 0
    this.#isGoingDown = false
    this.#anchor = { key, top: Math.round(height * share) }
    this.#seenScroll = this.#view?.scrollTop ?? 0
  }

  isInView(key: string): boolean {
    const element = this.#elements.get(key)
    if (!element || !this.#view) return false
    const [row, view] = [element.getBoundingClientRect(), this.#view.getBoundingClientRect()]
    return row.top >= view.top && row.bottom <= view.bottom
  }

  element(key: string): HTMLElement | null {
    return this.#elements.get(key) ?? null
  }

  /** Runs after rows were drawn, and whenever one of them, or the view, has another height. */
  settle() {
    const view = this.#view
    if (!view) return
    untrack(() => {
      const drawn = this.#drawn
      // While rows that left are not made up for, the page would be too short, and the browser would scroll by itself.
      if (drawn !== this.#settled) this.#setBelow(LEEWAY_PX)
      this.#settled = drawn
      this.#measure()
      const below = this.#heights.sum(drawn.keys, drawn.last + 1, drawn.keys.length)
      if (this.#anchor === null) this.#stayDown(view, drawn, below)
      else this.#stay(view, drawn, this.#anchor, below)
      this.#look(view)
    })
  }

  #draw(items: readonly Item[], anchor: Anchor | null): Drawn<Item> {
    const keys = items.map((item) => item.key)
    const view = { height: this.#view?.clientHeight || window.innerHeight, margin: MARGIN_PX }
    const centre = anchor && this.#centreOf(keys, anchor)
    const range = centre
      ? rowsAround(keys, this.#heights, centre, view)
      : rowsAtEnd(keys, this.#heights, view)
    return { ...range, keys, rows: items.slice(range.first, range.last + 1) }
  }

  /** The place of the anchor, or of the nearest row to it that is still there. */
  #centreOf(keys: readonly string[], anchor: Anchor): Centre | null {
    for (const { key, top } of [anchor, ...this.#drawnTops]) {
      const index = keys.indexOf(key)
      if (index >= 0) return { index, top }
    }
    return null
  }

  #stay(view: HTMLElement, drawn: Drawn<Item>, held: Anchor, below: number) {
    const scrolled = view.scrollTop - this.#seenScroll
    const centre = this.#centreOf(drawn.keys, held)
    if (!centre) return this.#stayDown(view, drawn, below)
    const key = drawn.keys[centre.index] ?? ''
    const element = this.#elements.get(key)
    if (!element) return this.#setBelow(below)
    const anchor = { key, top: centre.top - scrolled }
    const delta = anchor.top - topIn(view, element)
    const before = view.scrollTop
    const isTop = drawn.first === 0
    const unseen = this.#heights.sum(drawn.keys, 0, drawn.first)
    const space = this.#abovePx + delta
    const isMoved = Math.abs(delta) > EXACT_PX
    if (!isTop && space >= Math.min(unseen, ROOM_PX) / 2) {
      if (isMoved) this.#setAbove(space)
    } else if (!isTop || isMoved || this.#abovePx >= 1) {
      // Scrolling knows whole pixels only: the space above takes the rest.
      const exact = before + (unseen - this.#abovePx) - delta
      const whole = Math.ceil(exact)
      this.#setAbove(unseen + (whole - exact))
      this.#setBelow(below)
      view.scrollTop = whole
      // The page ends there: what was wanted is as near as it gets.
      if (Math.abs(view.scrollTop - whole) > 1) anchor.top = topIn(view, element)
    }
    this.#setBelow(below)
    this.#seenScroll = view.scrollTop
    if (scrolled > 0 && this.#isDown(view)) this.#anchor = null
    else if (scrolled !== 0) this.#holdTop(view)
    else if (key !== held.key) this.#anchor = anchor
    else held.top = anchor.top
  }

  #stayDown(view: HTMLElement, drawn: Drawn<Item>, below: number) {
    this.#setBelow(below)
    const unseen = this.#heights.sum(drawn.keys, 0, drawn.first)
    this.#setAbove(unseen)
    // A height in whole pixels can be scrolled to its very end.
    const height = view.firstElementChild?.getBoundingClientRect().height ?? 0
    this.#setAbove(unseen + Math.ceil(height) - height)
    view.scrollTop = view.scrollHeight
    this.#seenScroll = view.scrollTop
  }

  /** The reader has moved; what we scroll ourselves is seen already. */
  #scrolled() {
    const view = this.#view
    if (!view || view.scrollTop === this.#seenScroll) return
    // Whoever scrolls up a little wants to; where the view only grew, the end is still in sight.
    if (this.#anchor === null && (distanceBelow(view) > 1 || !this.#isEnd())) {
      this.#seenScroll = view.scrollTop
      this.#holdTop(view)
    }
    this.settle()
  }

  /** At the end of the thread, where the end is what must not move. */
  #isDown(view: HTMLElement): boolean {
    return !this.#isGoingDown && this.#isEnd() && distanceBelow(view) <= STUCK_WITHIN_PX
  }

  #ended() {
    if (!this.#isGoingDown) return
    this.#isGoingDown = false
    this.#anchor = null
    this.settle()
  }

  /** What is at the top of the view now is what must not move; where nothing is drawn, what should stand there. */
  #holdTop(view: HTMLElement) {
    const tops = this.#tops(view)
    const first = tops.find(({ key, top }) => top + this.#heights.of(key) > 0)
    const isDrawnHere = first !== undefined && first.top < view.clientHeight
    this.#hold(isDrawnHere ? first : this.#guess(view, tops))
  }

  /** Only where it makes a difference to what is drawn are rows drawn anew. */
  #hold(anchor: Anchor | null) {
    if (anchor && this.#anchor && this.#elements.has(anchor.key)) Object.assign(this.#anchor, anchor)
    else this.#anchor = anchor
  }

  /** The reader has leapt to where nothing is drawn, as by dragging the scroll bar. */
  #guess(view: HTMLElement, tops: readonly Anchor[]): Anchor | null {
    const { keys, first } = this.#drawn
    const known = tops[0]
    if (!known) return null
    let index = first
    let top = known.top
    while (index > 0 && top > 0) top -= this.#heights.of(keys[--index] ?? '')
    while (index < keys.length - 1 && top + this.#heights.of(keys[index] ?? '') < 0)
      top += this.#heights.of(keys[index++] ?? '')
    return { key: keys[index] ?? '', top: Math.max(Math.min(top, 0), -view.clientHeight) }
  }

  /** What the reader can see of where they are, and whether enough is drawn around it. */
  #look(view: HTMLElement) {
    const { first, last, keys } = this.#drawn
    const tops = this.#tops(view)
    const [top, bottom] = [tops[0], tops.at(-1)]
    this.#drawnTops = tops.toSorted((a, b) => Math.abs(a.top) - Math.abs(b.top))
    const below = distanceBelow(view)
    // There without having scrolled: what stood below has become the end, or a jump led there.
    if (this.#anchor && below <= 1 && this.#isDown(view)) this.#anchor = null
    this.#isAtBottom = below <= STUCK_WITHIN_PX
    this.#isNearTop = first === 0 && view.scrollTop < NEAR_PX
    this.#isNearBottom = last >= keys.length - 1 && below < NEAR_PX
    this.#topKey = tops.find(({ key, top }) => top + this.#heights.of(key) > 0)?.key ?? null
    if (!top || !bottom) return
    const isShortAbove = first > 0 && top.top > -MARGIN_PX / 2
    const end = bottom.top + this.#heights.of(bottom.key)
    const isShortBelow = last < keys.length - 1 && end < view.clientHeight + MARGIN_PX / 2
    const isLong = top.top < -MARGIN_PX * 2 || end > view.clientHeight + MARGIN_PX * 2
    if (!isShortAbove && !isShortBelow && !isLong) return
    const next = this.#draw(this.#items(), this.#anchor)
    if (next.first !== first || next.last !== last) this.#turn += 1
  }

  #tops(view: HTMLElement): Anchor[] {
    return this.#drawn.rows.flatMap(({ key }) => {
      const element = this.#elements.get(key)
      return element ? [{ key, top: topIn(view, element) }] : []
    })
  }

  #measure() {
    for (const [key, element] of this.#elements)
      this.#heights.measured(key, element.getBoundingClientRect().height)
  }

  #setAbove(px: number) {
    this.#abovePx = px
    if (this.#above) this.#above.style.height = `${px}px`
  }

  #setBelow(px: number) {
    if (this.#below) this.#below.style.height = `${px}px`
  }
}

const topIn = (view: HTMLElement, element: HTMLElement) =>
  element.getBoundingClientRect().top - view.getBoundingClientRect().top

const distanceBelow = (view: HTMLElement) => view.scrollHeight - view.clientHeight - view.scrollTop

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches
