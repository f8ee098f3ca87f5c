import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'

/** Who stands above a bubble; null for the customer of a conversation with one person. */
export function authorOf({ direction, agent, authorName }: MessageSnapshot): string | null {
  if (direction === 'in') return authorName
  if (direction === 'note') return `${agent?.name ?? 'A colleague'}, private note`
  return agent?.name ?? 'WhatsApp Business app'
}
