import type { CannedReply } from '../../../../server/inbox/cannedReplies.ts'

/** Pure: those that have every word of the query in their shortcut, title or text. */
export function foundReplies(replies: readonly CannedReply[], query: string): readonly CannedReply[] {
  const words = folded(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return replies
  return replies.filter(({ shortcut, title, body }) => {
    const text = folded(`/${shortcut} ${title} ${body}`)
    return words.every((word) => text.includes(word))
  })
}

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
