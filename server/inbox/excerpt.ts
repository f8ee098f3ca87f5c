import { wordsIn } from './words.ts'

/** A part of a text around what was found in it. `marks`: where that stands in `text`, in UTF-16 units. */
export type Excerpt = {
  text: string
  marks: { start: number; end: number }[]
  /** Whether something was left off before and behind it. */
  isCutBefore: boolean
  isCutAfter: boolean
}

const BEFORE = 50
const LONGEST = 200

/** Pure: the part of a text that shows the first hit, with all hits in it marked. */
export function excerptOf(text: string, sought: readonly string[]): Excerpt {
  const words = wordsIn(text)
  const hits = words.filter(({ word }) => sought.some((one) => word.startsWith(one)))
  const first = hits[0]?.start ?? 0
  // Cuts fall between words: a half of one, or of an emoji, is no help.
  const from = first <= BEFORE ? 0 : (words.find(({ start }) => start >= first - BEFORE)?.start ?? first)
  const end = from + LONGEST
  const to = text.length <= end ? text.length : (words.findLast((one) => one.end <= end)?.end ?? end)
  const isWhole = to <= from
  const upTo = isWhole ? Math.min(text.length, end) : to
  return {
    text: text.slice(from, upTo),
    marks: hits
      .filter((hit) => hit.start >= from && hit.end <= upTo)
      .map((hit) => ({ start: hit.start - from, end: hit.end - from })),
    isCutBefore: from > 0,
    isCutAfter: upTo < text.length,
  }
}
