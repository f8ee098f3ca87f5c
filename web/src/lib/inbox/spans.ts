import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'

/**
 * A part of a thread of which every message is held: from the position `from` to the position `to`, both included. Where nothing
 * is known between two spans there is a gap, and what stands on its two sides is never shown side by side.
 */
export type Span = { from: string; to: string }

/** Before every position: the beginning of the thread is held. */
export const START = ''
/** Behind every position: whatever comes next is held too. */
export const END = '~'

/** A page of a thread, and what was asked for: one of the two positions, or neither for its newest end or a place in it. */
export type SpanOf = { messages: readonly MessageSnapshot[]; hasOlder: boolean; hasNewer?: boolean }
export type AskedFor = { before?: string | undefined; after?: string | undefined }

/** The span that a page covers. It reaches up to the place it was asked from as long as that place is held. */
export function spanOf(page: SpanOf, { before, after }: AskedFor, spans: readonly Span[]): Span {
  const first = page.messages[0]?.position
  const last = page.messages.at(-1)?.position
  if (before !== undefined) {
    const from = page.hasOlder ? (first ?? before) : START
    return { from, to: spanAt(spans, before) ? before : (last ?? from) }
  }
  const to = page.hasNewer ? (last ?? after ?? START) : END
  if (after !== undefined) return { from: spanAt(spans, after) ? after : (first ?? to), to }
  return { from: page.hasOlder ? (first ?? to) : START, to }
}

/** With one more; spans that touch become one. In thread order. */
export function withSpan(spans: readonly Span[], added: Span): Span[] {
  const apart = spans.filter((span) => span.to < added.from || added.to < span.from)
  const touching = spans.filter((span) => !apart.includes(span))
  const [from = added.from] = [...touching.map((span) => span.from), added.from].sort()
  const to = [...touching.map((span) => span.to), added.to].sort().at(-1) ?? added.to
  return [...apart, { from, to }].sort((a, b) => (a.from < b.from ? -1 : 1))
}

/** The span that a position stands in. */
export function spanAt(spans: readonly Span[], position: string): Span | undefined {
  return spans.find((span) => isWithin(span, position))
}

export function isWithin(span: Span, position: string): boolean {
  return span.from <= position && position <= span.to
}
