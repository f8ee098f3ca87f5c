type Excerpt = { text: string; marks: readonly { start: number; end: number }[] }
export type Part = { text: string; isMarked: boolean }

/** A text cut at the edges of its marks, so that it can be shown without being read as markup. */
export function markedParts({ text, marks }: Excerpt): Part[] {
  const parts: Part[] = []
  let from = 0
  for (const { start, end } of [...marks].sort((a, b) => a.start - b.start)) {
    if (start < from || end <= start || end > text.length) continue
    if (start > from) parts.push({ text: text.slice(from, start), isMarked: false })
    parts.push({ text: text.slice(start, end), isMarked: true })
    from = end
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMarked: false })
  return parts
}
