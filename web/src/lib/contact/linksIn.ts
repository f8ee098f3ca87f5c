import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { parseWhatsAppText, type TextPiece } from '../inbox/whatsappText.ts'

export type SharedLink = { key: string; href: string; host: string; words: string; sentAt: string }

/** Pure: the links of messages, as the thread shows them too, so that no address is taken for one that is none there. */
export function linksIn(messages: readonly MessageSnapshot[]): SharedLink[] {
  return messages.flatMap((message) =>
    linkPieces(parseWhatsAppText(message.edit?.body ?? message.body ?? '')).map(({ href, text }, index) => ({
      key: `${message.id} ${index}`,
      href,
      host: hostOf(href),
      words: text.replace(/^https?:\/\//i, ''),
      sentAt: message.sentAt,
    })),
  )
}

function linkPieces(pieces: readonly TextPiece[]): Extract<TextPiece, { kind: 'link' }>[] {
  return pieces.flatMap((piece) => {
    if (piece.kind === 'link') return [piece]
    return 'pieces' in piece ? linkPieces(piece.pieces) : []
  })
}

function hostOf(href: string): string {
  try {
    return new URL(href).host.replace(/^www\./, '')
  } catch {
    return href
  }
}
