import type { ContactSnapshot, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { contactName } from '../inbox/contactName.ts'
import type { Viewed } from './viewer.svelte.ts'

const LOOKED_AT: ReadonlySet<string> = new Set(['image', 'video', 'sticker'])

/** The pictures and videos of a thread that are here, oldest first. */
export function picturesOf(
  messages: readonly MessageSnapshot[],
  contact: ContactSnapshot | undefined,
): Viewed[] {
  return messages.flatMap((message) => {
    const { media, revokedAt } = message
    if (media?.state !== 'stored' || revokedAt || !LOOKED_AT.has(media.kind)) return []
    const kind = media.kind === 'video' || media.kind === 'sticker' ? media.kind : 'image'
    const words = message.body ?? { image: 'Photo', video: 'Video', sticker: 'Sticker' }[kind]
    const { width, height } = media
    const author = authorOf(message, contact)
    return [{ id: message.id, mediaId: media.id, kind, width, height, words, author, sentAt: message.sentAt }]
  })
}

function authorOf({ direction, agent, authorName }: MessageSnapshot, contact: ContactSnapshot | undefined) {
  if (direction === 'out') return agent?.name ?? 'WhatsApp Business app'
  return authorName ?? (contact ? contactName(contact) : 'Customer')
}
