import type { Json, JsonObject } from './entry.ts'
import { objectOf, objectsOf } from './json.ts'

/** A message as a phone draws it, whatever WhatsApp calls its type. */
export interface PlainContent {
  kind: 'text' | 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'location' | 'contact' | 'other'
  header?: string
  text?: string
  footer?: string
  /** Where the page finds the file. */
  source?: string
  fileName?: string
  /** Whether sound is a voice note. */
  isVoice?: boolean
  /** The label of the button that unfolds a list. */
  listButton?: string
  /** What stands above the words of a template or of buttons. */
  media?: PlainContent
  /** The people of a contact card. */
  cards?: { name: string; phone?: string }[]
}

/** Turns the object of a message into what a phone shows. */
export function plainContent(type: string, content: JsonObject): PlainContent {
  const draw = drawings[type]
  return draw ? draw(content) : { kind: 'other', text: `A message of the type “${type}”` }
}

/** One line that stands for the message in a list or a quote. */
export function snippet(type: string, content: JsonObject): string {
  const { kind, text: said, fileName, isVoice } = plainContent(type, content)
  const label = isVoice ? 'Voice message' : labels[kind]
  const words = (said ?? fileName ?? '').replace(/\s+/g, ' ').slice(0, 140)
  if (!label) return words
  return words === '' ? label : `${label} · ${words}`
}

const labels: Partial<Record<PlainContent['kind'], string>> = {
  image: 'Photo',
  video: 'Video',
  audio: 'Sound',
  document: 'Document',
  sticker: 'Sticker',
  location: 'Location',
  contact: 'Contact',
}

const drawings: Record<string, (content: JsonObject) => PlainContent> = {
  text: (content) => ({ kind: 'text', ...text('text', content.body) }),
  image: (content) => ({ kind: 'image', ...file(content) }),
  video: (content) => ({ kind: 'video', ...file(content) }),
  audio: (content) => ({ kind: 'audio', ...file(content), isVoice: content.voice === true }),
  sticker: (content) => ({ kind: 'sticker', ...file(content) }),
  document: (content) => ({ kind: 'document', ...file(content), ...text('fileName', content.filename) }),
  location: place,
  contacts: (content) => {
    const cards = objectsOf(content.contacts).map(card)
    return { kind: 'contact', cards, text: cards.map((one) => one.name).join(', ') }
  },
  unsupported: () => ({ kind: 'other', text: 'Something that WhatsApp hands on to no business' }),
  button: (content) => ({ kind: 'text', ...text('text', content.text) }),
  interactive: (content) => {
    const reply = objectOf(content.button_reply ?? content.list_reply)
    if (typeof reply.title === 'string') return { kind: 'text', text: reply.title }
    const header = objectOf(content.header)
    return {
      kind: 'text',
      ...text('header', header.text),
      ...above(String(header.type), objectOf(header[String(header.type)])),
      ...text('text', objectOf(content.body).text),
      ...text('footer', objectOf(content.footer).text),
      ...text('listButton', objectOf(content.action).button),
    }
  },
  template: ({ filled: given }) => {
    const filled = objectOf(given)
    const media = objectOf(filled.media)
    return {
      kind: 'text',
      ...text('header', filled.header),
      ...above(String(media.kind), objectOf(media.file)),
      ...(filled.location ? { media: place(objectOf(filled.location)) } : {}),
      ...text('text', filled.body),
      ...text('footer', filled.footer),
    }
  },
}

function above(kind: string, content: JsonObject): { media?: PlainContent } {
  const isFile = kind === 'image' || kind === 'video' || kind === 'document'
  return isFile ? { media: plainContent(kind, content) } : {}
}

function place(content: JsonObject): PlainContent {
  return {
    kind: 'location',
    text: [content.name, content.address].filter((part) => typeof part === 'string').join('\n'),
    fileName: `${Number(content.latitude).toFixed(4)}, ${Number(content.longitude).toFixed(4)}`,
  }
}

function card(contact: JsonObject): { name: string; phone?: string } {
  const name = String(objectOf(contact.name).formatted_name)
  return { name, ...text('phone', objectsOf(contact.phones)[0]?.phone) }
}

function file(content: JsonObject): Pick<PlainContent, 'source' | 'text'> {
  const source = typeof content.id === 'string' ? `/simulator/media/${content.id}` : content.link
  return { ...text('text', content.caption), ...text('source', source) }
}

function text<Key extends string>(key: Key, value: Json | undefined): { [key in Key]?: string } {
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { [key in Key]?: string }
}
