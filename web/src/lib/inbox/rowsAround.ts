/** The place that stays where it is: the row with this index has its top so far below the top of the view. */
export type Centre = { index: number; top: number }
/** What must not move: the row with this key, with its top so far below the top of the view. */
export type Anchor = { key: string; top: number }
/** The rows that are drawn, both included; `last` before `first`: none. */
export type RowRange = { first: number; last: number }

/** What is known of the heights of rows; what was never drawn is taken to be as high as the others are on average. */
export class RowHeights {
  #known = new Map<string, number>()
  #total = 0

  constructor(private readonly firstGuess: number) {}

  of(key: string): number {
    return this.#known.get(key) ?? this.average
  }

  get average(): number {
    return this.#known.size === 0 ? this.firstGuess : this.#total / this.#known.size
  }

  measured(key: string, height: number) {
    this.#total += height - (this.#known.get(key) ?? 0)
    this.#known.set(key, height)
  }

  /** Of the rows from `first` up to, but not with, `end`. */
  sum(keys: readonly string[], first: number, end: number): number {
    let sum = 0
    for (let index = first; index < end; index += 1) sum += this.of(keys[index] ?? '')
    return sum
  }
}

/** The rows that a view shows, and those within `margin` above and below it. */
export function rowsAround(
  keys: readonly string[],
  heights: RowHeights,
  centre: Centre,
  view: { height: number; margin: number },
): RowRange {
  if (keys.length === 0) return { first: 0, last: -1 }
  const lowest = view.height + view.margin
  const start = Math.max(0, Math.min(centre.index, keys.length - 1))
  let first = start
  for (let top = centre.top; first > 0 && top > -view.margin; first -= 1)
    top -= heights.of(keys[first - 1] ?? '')
  let last = start
  for (
    let bottom = centre.top + heights.of(keys[start] ?? '');
    last < keys.length - 1 && bottom < lowest;
    last += 1
  )
    bottom += heights.of(keys[last + 1] ?? '')
  return { first, last }
}

/** With its last row at the bottom of the view. */
export function rowsAtEnd(
  keys: readonly string[],
  heights: RowHeights,
  view: { height: number; margin: number },
): RowRange {
  const index = keys.length - 1
  return rowsAround(keys, heights, { index, top: view.height - heights.of(keys[index] ?? '') }, view)
}

/** The place of the first of these rows that is in the list; null when none is. */
export function centreOf(keys: readonly string[], wanted: readonly Anchor[]): Centre | null {
  for (const { key, top } of wanted) {
    const index = keys.indexOf(key)
    if (index >= 0) return { index, top }
  }
  return null
}

/** What should stand at the top of the view, whose reader has leapt to where nothing is drawn, as by dragging the scroll bar. */
export function leaptTo(
  keys: readonly string[],
  heights: RowHeights,
  known: Centre,
  viewHeight: number,
): Anchor {
  let { index, top } = known
  const height = () => heights.of(keys[index] ?? '')
  while (index > 0 && top > 0) {
    index -= 1
    top -= height()
  }
  while (index < keys.length - 1 && top + height() < 0) {
    top += height()
    index += 1
  }
  return { key: keys[index] ?? '', top: Math.max(Math.min(top, 0), -viewHeight) }
}

/**
 * Whether other rows should be drawn than those that reach from `top` to `bottom`: half a margin may be used up, and they may
 * reach as far as `most` beyond the view.
 */
export function areTooFewOrMany(
  { first, last }: RowRange,
  count: number,
  { top, bottom }: { top: number; bottom: number },
  view: { height: number; margin: number; most: number },
): boolean {
  const isShortAbove = first > 0 && top > -view.margin / 2
  const isShortBelow = last < count - 1 && bottom < view.height + view.margin / 2
  const isLong = top < -view.most || bottom > view.height + view.most
  return isShortAbove || isShortBelow || isLong
}
