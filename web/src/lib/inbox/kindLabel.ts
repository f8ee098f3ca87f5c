import type { LastMessage, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MessageContent } from '../../../../server/whatsapp/content.ts'

export type KindIcon =
  | 'photo'
  | 'video'
  | 'voice'
  | 'audio'
  | 'document'
  | 'sticker'
  | 'place'
  | 'person'
  | 'reaction'
  | 'reply'
  | 'order'
  | 'notice'
  | 'template'
  | 'unsupported'

type Label = { icon: KindIcon | null; words: string }

/** What to call a message of this kind, in one or two words. */
const LABEL: { [K in MessageContent['kind']]: (content: Extract<MessageContent, { kind: K }>) => Label } = {
  text: ({ text }) => ({ icon: null, words: text }),
  image: () => ({ icon: 'photo', words: 'Photo' }),
  video: ({ isAnimated }) => ({ icon: 'video', words: isAnimated ? 'GIF' : 'Video' }),
  audio: ({ isVoice }) =>
    isVoice ? { icon: 'voice', words: 'Voice message' } : { icon: 'audio', words: 'Audio' },
  document: ({ filename }) => ({ icon: 'document', words: filename || 'Document' }),
  sticker: () => ({ icon: 'sticker', words: 'Sticker' }),
  location: ({ name }) => ({ icon: 'place', words: name || 'Location' }),
  contacts: ({ cards }) => ({
    icon: 'person',
    words: cards.length === 1 ? (cards[0]?.name ?? 'Contact') : `${cards.length} contacts`,
  }),
  reaction: ({ emoji }) => ({ icon: null, words: emoji ? `Reacted ${emoji}` : 'Took a reaction back' }),
  interactive: ({ title }) => ({ icon: 'reply', words: title || 'Answer' }),
  button: ({ text }) => ({ icon: 'reply', words: text }),
  order: ({ itemCount }) => ({
    icon: 'order',
    words: itemCount === 1 ? 'Order, 1 item' : `Order, ${itemCount} items`,
  }),
  system: ({ text }) => ({ icon: 'notice', words: text }),
  edit: ({ content }) => ({ icon: null, words: `Edited: ${kindLabel(content).words}` }),
  revoke: () => ({ icon: null, words: 'Deleted a message' }),
  unsupported: () => ({ icon: 'unsupported', words: 'Unsupported message' }),
  unknown: () => ({ icon: 'unsupported', words: 'Message of a new kind' }),
  buttons: ({ text }) => ({ icon: 'reply', words: text }),
  list: ({ text }) => ({ icon: 'reply', words: text }),
  cta_url: ({ text }) => ({ icon: 'reply', words: text }),
  location_request: ({ text }) => ({ icon: 'place', words: text }),
  note: ({ text }) => ({ icon: null, words: text }),
  template: ({ body }) => ({ icon: 'template', words: body }),
}

export function kindLabel(content: MessageContent): Label {
  // One function per kind, each for its own content: the compiler cannot follow the index, the table's type does.
  const label: (content: never) => Label = LABEL[content.kind] ?? LABEL.unknown
  return label(content as never)
}

export const DELETED: Label = { icon: null, words: 'Message deleted' }

const NAMED_BY_THEMSELVES: ReadonlySet<string> = new Set(['reaction', 'contacts', 'edit', 'revoke'])
const MARKS = /(^|[\s\p{P}])([*_~]|```)(?=\S)(.+?)(?<=\S)\2(?=$|[\s\p{P}])/gu

/** The line of a list row or a quote: the caption or text where there is one, without WhatsApp's marks, else the kind. */
export function snippet(
  message: Pick<MessageSnapshot, 'body' | 'content'> &
    Partial<MessageSnapshot> &
    Partial<Pick<LastMessage, 'isRevoked'>>,
): Label {
  if (message.revokedAt || message.isRevoked) return DELETED
  if (message.edit) return snippet(message.edit)
  const { icon, words } = kindLabel(message.content)
  const isNamedByItself = NAMED_BY_THEMSELVES.has(message.content.kind)
  const line = isNamedByItself ? '' : (message.body ?? '').replace(/\s+/g, ' ').trim()
  return { icon, words: line === '' ? words : line.replace(MARKS, '$1$3') }
}
