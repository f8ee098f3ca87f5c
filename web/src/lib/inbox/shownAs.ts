import type { MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MessageContent } from '../../../../server/whatsapp/content.ts'
import type { OutgoingContent } from '../../../../server/whatsapp/outgoingContent.ts'

/** What can be shown without asking the server. A template is not among them: its words stand in the template. */
export type PlainOutgoing = Exclude<OutgoingContent, { kind: 'template' }>

/** The content as the thread shows it, and the words that are found by a search or stand in a list row. */
export function shownAs(
  content: PlainOutgoing,
  media: MediaSnapshot | null,
): { shown: MessageContent; body: string } {
  switch (content.kind) {
    case 'text':
      return { shown: { kind: 'text', text: content.text }, body: content.text }
    case 'location': {
      const { name = null, address = null } = content
      return { shown: { ...content, name, address }, body: name ?? '' }
    }
    case 'contacts': {
      const cards = content.cards.map((card) => ({ ...card, organisation: card.organisation ?? null }))
      return { shown: { kind: 'contacts', cards }, body: cards.map((card) => card.name).join(', ') }
    }
    case 'list': {
      const sections = content.sections.map(({ title, rows }) => ({
        title,
        rows: rows.map((row) => ({ ...row, description: row.description ?? null })),
      }))
      return { shown: { ...content, ...frameOf(content), sections }, body: content.text }
    }
    case 'buttons':
      return { shown: { ...content, ...frameOf(content) }, body: content.text }
    case 'cta_url':
      return { shown: { ...content, ...frameOf(content) }, body: content.text }
    case 'location_request':
      return { shown: content, body: content.text }
    default:
      return { shown: fileShown(content, media), body: content.caption ?? '' }
  }
}

const frameOf = ({ header, footer }: { header?: string | undefined; footer?: string | undefined }) => ({
  header: header || null,
  footer: footer || null,
})

function fileShown(
  { kind, fileId, caption, isVoice }: Extract<PlainOutgoing, { fileId: string }>,
  media: MediaSnapshot | null,
): MessageContent {
  return {
    kind,
    fileId,
    mediaId: null,
    mimeType: media?.type ?? null,
    sha256: null,
    caption: caption || null,
    filename: media?.filename ?? null,
    isVoice: isVoice ?? false,
    isAnimated: false,
  }
}
