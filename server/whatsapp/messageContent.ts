import type { ContactCard, Json, JsonObject, MessageContent } from './content.ts'
import { isObject, listOf, numberOf, objectOf, textOf } from './json.ts'

const media =
  (kind: 'image' | 'video' | 'audio' | 'document' | 'sticker', isVoiceKind = false) =>
  (part: JsonObject): MessageContent => ({
    kind,
    mediaId: textOf(part.id),
    mimeType: textOf(part.mime_type),
    sha256: textOf(part.sha256),
    caption: textOf(part.caption),
    filename: textOf(part.filename),
    isVoice: isVoiceKind || part.voice === true,
    isAnimated: part.animated === true,
  })

/** One reader for each kind of Meta's `type` (shared facts §2.3). Null: the part that the type names is not there. */
const READERS: Record<string, (part: JsonObject, message: JsonObject) => MessageContent | null> = {
  text: (part) => {
    const text = textOf(part.body)
    return text === null ? null : { kind: 'text', text }
  },
  image: media('image'),
  video: media('video'),
  audio: media('audio'),
  voice: media('audio', true),
  document: media('document'),
  sticker: media('sticker'),
  location: (part) => {
    const latitude = numberOf(part.latitude)
    const longitude = numberOf(part.longitude)
    if (latitude === null || longitude === null) return null
    return { kind: 'location', latitude, longitude, name: textOf(part.name), address: textOf(part.address) }
  },
  contacts: (_part, message) => ({ kind: 'contacts', cards: listOf(message.contacts).map(contactCard) }),
  reaction: (part) => {
    const targetWamid = textOf(part.message_id)
    return targetWamid === null ? null : { kind: 'reaction', targetWamid, emoji: textOf(part.emoji) }
  },
  interactive,
  button: (part) => {
    const text = textOf(part.text) ?? textOf(part.payload)
    return text === null ? null : { kind: 'button', text, payload: textOf(part.payload) }
  },
  order,
  system: (part) => {
    const text = textOf(part.body)
    if (text === null) return null
    // `new_wa_id` is how it was called before v12 of the API.
    const ids = [part.wa_id, part.new_wa_id, part.user_id, part.parent_user_id].map(textOf)
    return { kind: 'system', text, event: textOf(part.type), newIds: ids.filter((id) => id !== null) }
  },
  edit: (part) => {
    const targetWamid = textOf(part.original_message_id)
    const message = objectOf(part.message)
    const type = textOf(message.type)
    if (targetWamid === null || type === null) return null
    return { kind: 'edit', targetWamid, content: messageContent(type, message) }
  },
  revoke: (part) => {
    const targetWamid = textOf(part.original_message_id)
    return targetWamid === null ? null : { kind: 'revoke', targetWamid }
  },
  request_welcome: () => ({
    kind: 'system',
    text: 'Opened the chat for the first time',
    event: 'request_welcome',
    newIds: [],
  }),
  unsupported,
}

/**
 * What a message carries. Never fails: a kind without a reader, or without the part that its type names, is `unknown`,
 * so that it still has a bubble.
 */
export function messageContent(type: string, message: JsonObject): MessageContent {
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined
  return read?.(objectOf(message[type]), message) ?? { kind: 'unknown', type }
}

/** What of it can be read and searched: text, caption, the title that the customer pressed. */
export function bodyOf(content: MessageContent): string | null {
  switch (content.kind) {
    case 'text':
    case 'system':
    case 'button':
    case 'order':
    case 'buttons':
    case 'list':
    case 'cta_url':
    case 'location_request':
      return content.text
    case 'template':
      return content.body
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return content.caption
    case 'location':
      return content.name ?? content.address
    case 'contacts':
      return content.cards.map((card) => card.name).join(', ') || null
    case 'reaction':
      return content.emoji
    case 'interactive':
      return content.title
    case 'edit':
      return bodyOf(content.content)
    default:
      return null
  }
}

function interactive(part: JsonObject): MessageContent | null {
  const type = textOf(part.type)
  if (type === null) return null
  const reply = objectOf(part[type])
  const base = { id: textOf(reply.id), description: textOf(reply.description) }
  const title = textOf(reply.title)
  if (type === 'button_reply')
    return { kind: 'interactive', reply: 'button', title: title ?? 'Button', ...base }
  if (type === 'list_reply')
    return { kind: 'interactive', reply: 'list', title: title ?? 'List entry', ...base }
  if (type === 'nfm_reply') {
    return { kind: 'interactive', reply: 'flow', title: textOf(reply.body) ?? 'Form sent', ...base }
  }
  if (type === 'call_permission_reply') {
    const answer = textOf(reply.response) === 'accept' ? 'Calls allowed' : 'Calls not allowed'
    return { kind: 'interactive', reply: 'other', title: answer, ...base }
  }
  return { kind: 'interactive', reply: 'other', title: title ?? type.replaceAll('_', ' '), ...base }
}

function order(part: JsonObject): MessageContent {
  const items = listOf(part.product_items).map(objectOf)
  const total = items.reduce(
    (sum, item) => sum + (numberOf(item.item_price) ?? 0) * (numberOf(item.quantity) ?? 1),
    0,
  )
  const currency = textOf(items[0]?.currency)
  return {
    kind: 'order',
    text: textOf(part.text),
    itemCount: items.length,
    total: currency === null ? null : `${total.toFixed(2)} ${currency}`,
  }
}

function unsupported(part: JsonObject, message: JsonObject): MessageContent {
  const error = objectOf(listOf(message.errors)[0])
  const details = textOf(objectOf(error.error_data).details)
  return { kind: 'unsupported', type: textOf(part.type), reason: details ?? textOf(error.title) }
}

function contactCard(value: Json): ContactCard {
  const card = objectOf(value)
  const name = objectOf(card.name)
  const fullName = [name.first_name, name.middle_name, name.last_name]
    .map(textOf)
    .filter((part) => part !== null)
  const phones = listOf(card.phones).filter(isObject)
  return {
    name: textOf(name.formatted_name) ?? (fullName.join(' ') || 'No name'),
    phones: phones.flatMap((phone) => textOf(phone.phone) ?? textOf(phone.wa_id) ?? []),
    emails: listOf(card.emails)
      .filter(isObject)
      .flatMap((email) => textOf(email.email) ?? []),
    organisation: textOf(objectOf(card.org).company),
  }
}
