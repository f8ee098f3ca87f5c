import { tick, untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { afterPaint } from '#lib/app/afterPaint.ts'
import { whenQuiet } from '#lib/app/whenQuiet.ts'
import {
  type Anchor,
  areTooFewOrMany,
  centreOf,
  leaptTo,
  type RowHeights,
  type RowRange,
  rowsAround,
  rowsAtEnd,
} from '#lib/inbox/rowsAround.ts'
import { RowPage } from './rowPage.ts'

/** Rows within this distance above and below the view are drawn; once half of it is used up, more are. */
const MARGIN_PX = 360
/** The first time what is in view is drawn, and nothing else: the rest follows when that is on the screen. */
const FIRST_MARGIN_PX = 0
const STUCK_WITHIN_PX = 24
const NEAR_PX = 1_200
const SMOOTH_UP_TO_PX = 1_500
/** Room above what is drawn, for rows that are not, within which no scrolling has to be corrected. */
const ROOM_PX = 2_000
const EXACT_PX = 0.05
const LEEWAY_PX = 100_000

type Drawn<Item> = RowRange & { rows: readonly Item[]; keys: readonly string[] }

/**
 * The rows of a long list that are drawn, and the promise that nothing jumps. They stand in ordinary flow between two empty
 * spaces. After whatever changed (rows above, an image that came late, the height of the view) the row that the reader has at
 * the top is brought back to where it was, as the page itself measures it: by making the space above smaller or larger, or,
 * where there is not enough of it, by scrolling. At the bottom, the bottom stays. docs/decisions/0023 says why.
 */
export class AnchoredRows<Item extends { key: string }> {
  readonly page = new RowPage(() => this.settle())
  /** Null: the end of the list is at the bottom of the view. */
  #anchor = $state.raw<Anchor | null>(null)
  /** Rows that were drawn and their tops, nearest to that of the view first: for when the anchor is gone. */
  #drawnTops: Anchor[] = []
  /** What was drawn when everything was last brought in place, and how far the view was scrolled then. */
  #settled: Drawn<Item> | null = null
  #seenScroll = 0
  #isGoingDown = false
  #margin = FIRST_MARGIN_PX
  #isOnScreen = $state.raw(false)
  #isAtBottom = $state.raw(true)
  #isNearTop = $state.raw(false)
  #isNearBottom = $state.raw(false)
  #topKey = $state.raw<string | null>(null)
  /** Grows when other rows have to be drawn though neither the items nor the anchor are others. */
  #turn = $state.raw(0)
  #drawn: Drawn<Item> = $derived.by(() => {
    void this.#turn
    // Out of sight nothing changes: what was drawn last is there when it is shown again.
    if (!this.isShown() && this.#settled) return this.#settled
    return this.#draw(this.items(), this.#anchor, this.#margin)
  })

  /**
   * `isEnd`: nothing stands below the last item, so that whoever is at the bottom stays there. `isShown`: while it is not, nothing
   * is drawn or measured. `heights`: of those rows that were drawn before.
   */
  constructor(
    private readonly items: () => readonly Item[],
    private readonly isEnd: () => boolean,
    private readonly isShown: () => boolean,
    private readonly heights: RowHeights,
  ) {}

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

  /** What was drawn first has been painted; until then a row does without what nobody sees at rest. */
  get isOnScreen(): boolean {
    return this.#isOnScreen
  }

  /** The key of the row at the top of the view. */
  get topKey(): string | null {
    return this.#topKey
  }

  view: Attachment<HTMLElement> = (element) => {
    const stop = this.page.observe(element)
    const listening = new AbortController()
    const on = (name: string, act: () => void) =>
      element.addEventListener(name, act, { passive: true, signal: listening.signal })
    on('scroll', () => this.#scrolled())
    on('scrollend', () => this.#ended())
    // Whoever takes over goes elsewhere.
    for (const name of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
      on(name, () => {
        this.#isGoingDown = false
      })
    return () => {
      stop()
      listening.abort()
    }
  }

  /** Whoever opens a thread begins at its end. */
  begin() {
    this.#isGoingDown = false
    this.#drawnTops = []
    this.#anchor = null
  }

  /** Once what is in view is on the screen, the rest follows; the returned function takes it back. */
  drawRest(): () => void {
    return afterPaint(() => this.#isOnScreen || this.#drawWithin(MARGIN_PX, true))
  }

  /** Out of sight, no more is kept than the next look at it will need: the rest goes when the tab has a moment. */
  keepLittle(): () => void {
    return whenQuiet(async () => {
      if (this.isShown()) return
      this.begin()
      this.#settled = this.#draw(this.items(), null, FIRST_MARGIN_PX)
      this.#drawWithin(FIRST_MARGIN_PX, false)
      await tick()
      if (this.isShown()) return
      this.page.forget()
      this.#settle()
    })
  }

  /** Smoothly when it is near; from further away, what flies past would only be work. */
  toBottom() {
    const { view, distanceBelow } = this.page
    if (view && distanceBelow < SMOOTH_UP_TO_PX && !isStill()) {
      this.#isGoingDown = true
      view.scrollTo({ top: view.scrollHeight, behavior: 'smooth' })
      return
    }
    this.#anchor = null
    this.settle()
  }

  /** Brings a row to a place in the view; `share`: how far down in it. */
  toRow(key: string, share: number) {
    this.#isGoingDown = false
    this.#anchor = { key, top: Math.round(this.page.height * share) }
    this.#seenScroll = this.page.view?.scrollTop ?? 0
  }

  /** Runs after rows were drawn, and whenever one of them, or the view, has another height. */
  settle() {
    if (this.isShown()) untrack(() => this.#settle())
  }

  #settle() {
    const { page } = this
    const { view } = page
    if (!view) return
    const drawn = this.#drawn
    // While rows that left are not made up for, the page would be too short, and the browser would scroll by itself: to the end.
    if (this.#anchor !== null && this.#settled !== null && drawn !== this.#settled) page.belowPx = LEEWAY_PX
    this.#settled = drawn
    page.measure(this.heights)
    const below = this.heights.sum(drawn.keys, drawn.last + 1, drawn.keys.length)
    if (this.#anchor === null) this.#stayDown(view, drawn, below)
    else this.#stay(view, drawn, this.#anchor, below)
    this.#look(view)
  }

  #drawWithin(margin: number, isOnScreen: boolean) {
    this.#margin = margin
    this.#isOnScreen = isOnScreen
    this.#turn += 1
  }

  #draw(items: readonly Item[], anchor: Anchor | null, margin: number): Drawn<Item> {
    const keys = items.map((item) => item.key)
    const view = { height: this.page.height, margin }
    const centre = anchor && centreOf(keys, [anchor, ...this.#drawnTops])
    const range = centre ? rowsAround(keys, this.heights, centre, view) : rowsAtEnd(keys, this.heights, view)
    return { ...range, keys, rows: items.slice(range.first, range.last + 1) }
  }

  #stay(view: HTMLElement, drawn: Drawn<Item>, held: Anchor, below: number) {
    const { page } = this
    // What the reader has scrolled since is theirs.
    const scrolled = view.scrollTop - this.#seenScroll
    const centre = centreOf(drawn.keys, [held, ...this.#drawnTops])
    if (!centre) return this.#stayDown(view, drawn, below)
    const key = drawn.keys[centre.index] ?? ''
    const top = page.topOf(key)
    if (top === null) {
      page.belowPx = below
      return
    }
    const anchor = { key, top: centre.top - scrolled }
    this.#moveBack(view, drawn, anchor.top - top, below)
    this.#seenScroll = view.scrollTop
    // Where the page ends, what was wanted is as near as it gets.
    const now = page.topOf(key) ?? anchor.top
    if (Math.abs(now - anchor.top) > 1) anchor.top = now
    if (scrolled > 0 && this.#isDown()) this.#anchor = null
    else if (scrolled !== 0) this.#holdTop(view)
    else if (key !== held.key) this.#anchor = anchor
    else held.top = anchor.top
  }

  /** Moves all rows by so much: by the space above them where it has room, else by scrolling. */
  #moveBack(view: HTMLElement, drawn: Drawn<Item>, by: number, below: number) {
    const { page } = this
    const before = view.scrollTop
    const isMoved = Math.abs(by) > EXACT_PX
    const unseen = this.heights.sum(drawn.keys, 0, drawn.first)
    const hasRoom = drawn.first > 0 && page.abovePx + by >= Math.min(unseen, ROOM_PX) / 2
    const isExact = hasRoom ? !isMoved : drawn.first === 0 && !isMoved && page.abovePx < 1
    if (isExact || hasRoom) {
      if (!isExact) page.abovePx += by
      page.belowPx = below
      return
    }
    // Scrolling knows whole pixels only: the space above takes the rest.
    const exact = before + (unseen - page.abovePx) - by
    const whole = Math.ceil(exact)
    page.abovePx = unseen + (whole - exact)
    page.belowPx = below
    view.scrollTop = whole
  }

  #stayDown(view: HTMLElement, drawn: Drawn<Item>, below: number) {
    const { page } = this
    const unseen = this.heights.sum(drawn.keys, 0, drawn.first)
    // A height in whole pixels can be scrolled to its very end.
    const height = page.contentHeight - page.abovePx - page.belowPx + unseen + below
    page.belowPx = below
    const above = unseen + Math.max(0, Math.ceil(height - EXACT_PX) - height)
    if (Math.abs(above - page.abovePx) > EXACT_PX) page.abovePx = above
    if (page.distanceBelow !== 0) view.scrollTop = view.scrollHeight
    this.#seenScroll = view.scrollTop
  }

  /** The reader has moved; what we scroll ourselves is seen already. */
  #scrolled() {
    const { view } = this.page
    if (!view || !this.isShown() || view.scrollTop === this.#seenScroll) return
    // Whoever scrolls up a little wants to; where the view only grew, the end is still in sight.
    if (this.#anchor === null && (this.page.distanceBelow > 1 || !this.isEnd())) {
      this.#seenScroll = view.scrollTop
      this.#holdTop(view)
    }
    this.settle()
  }

  #ended() {
    if (!this.#isGoingDown) return
    this.#isGoingDown = false
    this.#anchor = null
    this.settle()
  }

  /** At the end of the thread, where the end is what must not move. */
  #isDown(): boolean {
    return !this.#isGoingDown && this.isEnd() && this.page.distanceBelow <= STUCK_WITHIN_PX
  }

  /** What is at the top of the view now is what must not move; where nothing is drawn, what should stand there. */
  #holdTop(view: HTMLElement) {
    const { keys } = this.#drawn
    const tops = this.#tops()
    const first = this.#firstIn(tops)
    const known = tops[0] && { index: keys.indexOf(tops[0].key), top: tops[0].top }
    const isDrawnHere = first !== undefined && first.top < view.clientHeight
    const leapt = known ? leaptTo(keys, this.heights, known, view.clientHeight) : null
    const anchor = isDrawnHere ? first : leapt
    // Only where it makes a difference to what is drawn are rows drawn anew.
    if (anchor && this.#anchor && this.page.element(anchor.key)) Object.assign(this.#anchor, anchor)
    else this.#anchor = anchor
  }

  /** What the reader can see of where they are, and whether enough is drawn around it. */
  #look(view: HTMLElement) {
    const drawn = this.#drawn
    const tops = this.#tops()
    this.#drawnTops = tops.toSorted((a, b) => Math.abs(a.top) - Math.abs(b.top))
    const below = this.page.distanceBelow
    // There without having scrolled: what stood below has become the end, or a jump led there.
    if (this.#anchor && below <= 1 && this.#isDown()) this.#anchor = null
    this.#isAtBottom = below <= STUCK_WITHIN_PX
    this.#isNearTop = drawn.first === 0 && view.scrollTop < NEAR_PX
    this.#isNearBottom = drawn.last >= drawn.keys.length - 1 && below < NEAR_PX
    this.#topKey = this.#firstIn(tops)?.key ?? null
    const [first, last] = [tops[0], tops.at(-1)]
    if (!first || !last) return
    const reach = { top: first.top, bottom: last.top + this.heights.of(last.key) }
    const room = { height: view.clientHeight, margin: this.#margin, most: MARGIN_PX * 2 }
    if (!areTooFewOrMany(drawn, drawn.keys.length, reach, room)) return
    const next = this.#draw(this.items(), this.#anchor, this.#margin)
    if (next.first !== drawn.first || next.last !== drawn.last) this.#turn += 1
  }

  #tops(): Anchor[] {
    return this.page.topsOf(this.#drawn.rows.map(({ key }) => key))
  }

  #firstIn(tops: readonly Anchor[]): Anchor | undefined {
    return tops.find(({ key, top }) => top + this.heights.of(key) > 0)
  }
}

const isStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches
