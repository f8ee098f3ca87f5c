import type { Json, JsonObject } from './entry.ts'

/** A message as a phone draws it, whatever WhatsApp calls its type. */
export interface PlainContent {
  kind: 'text' | 'image' | 'video' | 'audio' | 'document' | 'sticker' | 'location' | 'contact' | 'other'
  header?: string
  text?: string
  footer?: string
  /** Where the page finds the file. */
  source?: string
  fileName?: string
}

/** Turns the object of a message into what a phone shows. */
export function plainContent(type: string, content: JsonObject): PlainContent {
  const draw = drawings[type]
  return draw ? draw(content) : { kind: 'other', text: `A message of the type “${type}”` }
}

/** One line that stands for the message in a list or a quote. */
export function snippet(type: string, content: JsonObject): string {
  const { kind, text, fileName } = plainContent(type, content)
  const label = labels[kind]
  const words = (text ?? fileName ?? '').replace(/\s+/g, ' ').slice(0, 140)
  if (!label) return words
  return words === '' ? label : `${label} · ${words}`
}

const labels: Partial<Record<PlainContent['kind'], string>> = {
  image: 'Photo',
  video: 'Video',
  audio: 'Voice message',
  document: 'Document',
  sticker: 'Sticker',
  location: 'Location',
  contact: 'Contact',
}

const drawings: Record<string, (content: JsonObject) => PlainContent> = {
  text: (content) => ({ kind: 'text', ...text('text', content.body) }),
  image: (content) => ({ kind: 'image', ...file(content) }),
  video: (content) => ({ kind: 'video', ...file(content) }),
  audio: (content) => ({ kind: 'audio', ...file(content) }),
  sticker: (content) => ({ kind: 'sticker', ...file(content) }),
  document: (content) => ({ kind: 'document', ...file(content), ...text('fileName', content.filename) }),
  location: (content) => ({
    kind: 'location',
    text: [content.name, content.address].filter((part) => typeof part === 'string').join('\n'),
    fileName: `${Number(content.latitude).toFixed(4)}, ${Number(content.longitude).toFixed(4)}`,
  }),
  contacts: (content) => {
    const people = Array.isArray(content.contacts) ? content.contacts.map(object) : []
    return { kind: 'contact', text: people.map((one) => String(object(one.name).formatted_name)).join(', ') }
  },
  button: (content) => ({ kind: 'text', ...text('text', content.text) }),
  interactive: (content) => {
    const reply = object(content.button_reply ?? content.list_reply)
    if (typeof reply.title === 'string') return { kind: 'text', text: reply.title }
    return {
      kind: 'text',
      ...text('header', object(content.header).text),
      ...text('text', object(content.body).text),
      ...text('footer', object(content.footer).text),
    }
  },
  template: (content) => {
    const filled = object(content.filled)
    return {
      kind: 'text',
      ...text('header', filled.header),
      ...text('text', filled.body),
      ...text('footer', filled.footer),
    }
  },
}

function file(content: JsonObject): Pick<PlainContent, 'source' | 'text'> {
  const source = typeof content.id === 'string' ? `/simulator/media/${content.id}` : content.link
  return { ...text('text', content.caption), ...text('source', source) }
}

function text<Key extends string>(key: Key, value: Json | undefined): { [key in Key]?: string } {
  return (typeof value === 'string' && value !== '' ? { [key]: value } : {}) as { [key in Key]?: string }
}

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
