import type { CannedReply } from '../../../../server/inbox/cannedReplies.ts'

const folded = (text: string) => text.toLocaleLowerCase()
const wordsOf = (text: string) => folded(text).split(/[^\p{L}\p{N}]+/u)

/** Best first: the shortcut itself, shortcuts that begin so, words of the title that do, shortcuts that hold it. */
export function cannedLike(query: string, replies: readonly CannedReply[]): CannedReply[] {
  const wanted = folded(query)
  return replies
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter(({ rank }) => rank < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.rank - b.rank)
    .map(({ reply }) => reply)
}

function rankOf({ shortcut, title }: CannedReply, wanted: string): number {
  const own = folded(shortcut)
  if (own === wanted) return 0
  if (own.startsWith(wanted)) return 1
  if (wordsOf(title).some((word) => word.startsWith(wanted))) return 2
  return own.includes(wanted) ? 3 : Number.POSITIVE_INFINITY
}
