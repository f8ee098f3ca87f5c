import type { ContactCard, JsonObject, MessageContent } from './content.ts'
import { templatePayload } from './templatePayload.ts'

type Kind = MessageContent['kind']
/** The member that has this kind among its own; `Extract` would miss those that have several. */
type Content<K, Member = MessageContent> = Member extends { kind: infer Kinds }
  ? K extends Kinds
    ? Member
    : never
  : never

/** One writer for each kind that the Cloud API takes (shared facts §3). `file` is Meta's id of the uploaded file. */
const PAYLOADS: { [K in Kind]?: (content: Content<K>, file: string | null) => JsonObject } = {
  text: ({ text, preview = true }) => ({ type: 'text', text: { body: text, preview_url: preview } }),
  image: (content, file) => media(content, file, caption(content)),
  video: (content, file) => media(content, file, caption(content)),
  audio: (content, file) => media(content, file, content.isVoice ? { voice: true } : {}),
  sticker: (content, file) => media(content, file, {}),
  document: (content, file) =>
    media(content, file, { ...caption(content), ...(content.filename && { filename: content.filename }) }),
  location: ({ latitude, longitude, name, address }) => ({
    type: 'location',
    location: { latitude, longitude, ...(name && { name }), ...(address && { address }) },
  }),
  contacts: ({ cards }) => ({ type: 'contacts', contacts: cards.map(contactPayload) }),
  // An empty emoji takes the reaction back.
  reaction: ({ targetWamid, emoji }) => ({
    type: 'reaction',
    reaction: { message_id: targetWamid, emoji: emoji ?? '' },
  }),
  buttons: ({ buttons, ...frame }) =>
    interactive('button', frame, {
      buttons: buttons.map(({ id, title }) => ({ type: 'reply', reply: { id, title } })),
    }),
  list: ({ button, sections, ...frame }) =>
    interactive('list', frame, {
      button,
      sections: sections.map(({ title, rows }) => ({
        ...(title && { title }),
        rows: rows.map(({ description, ...row }) => ({ ...row, ...(description && { description }) })),
      })),
    }),
  cta_url: ({ title, url, ...frame }) =>
    interactive('cta_url', frame, { name: 'cta_url', parameters: { display_text: title, url } }),
  location_request: ({ text }) =>
    interactive(
      'location_request_message',
      { text, header: null, footer: null },
      {
        name: 'send_location',
      },
    ),
  template: templatePayload,
}

/** The part of a request that says what is sent. */
export function contentPayload(content: MessageContent, file: string | null): JsonObject {
  const write: ((content: never, file: string | null) => JsonObject) | undefined = PAYLOADS[content.kind]
  if (write === undefined) throw new Error(`Messages of kind ${content.kind} can not be sent`)
  return write(content as never, file)
}

type MediaContent = Content<'image' | 'video' | 'audio' | 'document' | 'sticker'>

function media({ kind }: MediaContent, file: string | null, more: JsonObject): JsonObject {
  if (file === null) throw new Error(`The file of a message of kind ${kind} was not uploaded to WhatsApp`)
  return { type: kind, [kind]: { id: file, ...more } }
}

const caption = ({ caption }: MediaContent): JsonObject => (caption ? { caption } : {})

type Frame = { text: string; header: string | null; footer: string | null }

function interactive(type: string, { text, header, footer }: Frame, action: JsonObject): JsonObject {
  return {
    type: 'interactive',
    interactive: {
      type,
      ...(header && { header: { type: 'text', text: header } }),
      body: { text },
      ...(footer && { footer: { text: footer } }),
      action,
    },
  }
}

/** WhatsApp wants a part of the name beside the whole. */
function contactPayload({ name, phones, emails, organisation }: ContactCard): JsonObject {
  return {
    name: { formatted_name: name, first_name: name },
    phones: phones.map((phone) => ({ phone, type: 'CELL' })),
    ...(emails.length > 0 && { emails: emails.map((email) => ({ email, type: 'WORK' })) }),
    ...(organisation && { org: { company: organisation } }),
  }
}
