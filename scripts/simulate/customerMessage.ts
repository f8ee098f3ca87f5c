import { type ParsedAct, RefusedAct } from './act.ts'
import { between, type Chance } from './chance.ts'
import { choicesIn } from './choices.ts'
import type { JsonObject, MediaRecord } from './entry.ts'
import { makeFile } from './media/makeFile.ts'
import type { MediaStore } from './media/mediaStore.ts'
import type { ThreadMessage } from './threadMessage.ts'

/** What goes into `messages[]` for one act: its type, the object named by it, and its context. */
export type Described = JsonObject & { type: string }

/** What an act needs to know of the rest of the simulator. */
export interface ActRooms {
  chance: Chance
  media: MediaStore
  displayNumber: string
  addressOf(media: MediaRecord): string
  messageIn(wamid: string, number: string): ThreadMessage
}

/** The message that WhatsApp makes of what this customer does. Throws a sentence when it cannot be done. */
export async function customerMessage(act: ParsedAct, number: string, rooms: ActRooms): Promise<Described> {
  const context = 'quote' in act && act.quote ? { context: contextOf(act.quote, number, rooms) } : {}
  switch (act.type) {
    case 'text':
      return { ...context, type: 'text', text: { body: act.text } }
    case 'image':
    case 'video':
    case 'voice':
    case 'sticker':
    case 'document': {
      const media = await rooms.media.keep({ ...makeFile(act, rooms.chance), author: 'customer' })
      const caption = 'caption' in act ? act.caption : undefined
      return { ...context, ...fileMessage(act.type, media, rooms.addressOf(media), caption) }
    }
    case 'location': {
      const { latitude, longitude, name, address } = act
      // Two shares from one place differ by a few metres, as they do on a real phone.
      const stray = between(rooms.chance, [-9, 9]) / 100_000
      return {
        ...context,
        type: 'location',
        location: { latitude: latitude + stray, longitude, name, address },
      }
    }
    case 'contacts':
      return { ...context, type: 'contacts', contacts: [card(act.name, act.phone)] }
    case 'reaction':
      rooms.messageIn(act.to, number)
      // WhatsApp leaves the emoji out when a reaction is taken back.
      return {
        type: 'reaction',
        reaction: { message_id: act.to, ...(act.emoji === '' ? {} : { emoji: act.emoji }) },
      }
    case 'choice':
      return choice(act.to, act.id, number, rooms)
    case 'ad':
      return { type: 'text', text: { body: act.text }, referral: referral(act.headline) }
    case 'unsupported':
      return { type: 'unsupported', errors: [unsupportedError(act.code)] }
  }
}

export type FileKind = 'image' | 'video' | 'voice' | 'audio' | 'sticker' | 'document'

/** A message that carries a file which WhatsApp has taken. */
export function fileMessage(kind: FileKind, media: MediaRecord, url: string, caption?: string): Described {
  const sha256 = Buffer.from(media.sha256, 'hex').toString('base64')
  const file: JsonObject = { mime_type: media.mimeType, sha256, id: media.id, url }
  if (kind === 'voice' || kind === 'audio')
    return { type: 'audio', audio: { ...file, voice: kind === 'voice' } }
  if (kind === 'sticker')
    return { type: 'sticker', sticker: { ...file, animated: media.isAnimated === true } }
  if (kind === 'document' && media.fileName) file.filename = media.fileName
  return { type: kind, [kind]: caption ? { ...file, caption } : file }
}

function choice(wamid: string, id: string, number: string, rooms: ActRooms): Described {
  const message = rooms.messageIn(wamid, number)
  const chosen = choicesIn(message.type, message.content).find((one) => one.id === id)
  if (!chosen) throw new RefusedAct('This message offers no such choice.')
  const context = contextOf(wamid, number, rooms)
  const { title, kind, description } = chosen
  if (kind === 'template') return { context, type: 'button', button: { payload: id, text: title } }
  if (kind !== 'button_reply' && kind !== 'list_reply') throw new RefusedAct('This button brings no answer.')
  const reply = { id, title, ...(description === undefined ? {} : { description }) }
  return { context, type: 'interactive', interactive: { type: kind, [kind]: reply } }
}

function contextOf(wamid: string, number: string, { messageIn, displayNumber }: ActRooms): JsonObject {
  const { author } = messageIn(wamid, number)
  return { from: author === 'business' ? displayNumber : number, id: wamid }
}

function card(name: string, phone: string): JsonObject {
  const [first = name, ...rest] = name.split(' ')
  const last = rest.length > 0 ? { last_name: rest.join(' ') } : {}
  const number = phone.replace(/\D/g, '')
  return {
    name: { formatted_name: name, first_name: first, ...last },
    phones: [{ phone, wa_id: number, type: 'CELL' }],
  }
}

function referral(headline: string): JsonObject {
  return {
    source_url: 'https://fb.me/2q9linden',
    source_id: '120208844410550163',
    source_type: 'ad',
    headline,
    body: 'Fabric samples are free until Sunday.',
    media_type: 'image',
    image_url: 'https://linden-oak.example/ads/autumn.jpg',
    ctwa_clid:
      'Aff-n8ZTODiE79d22KtAwQKj9e_mIEOOj27vDVwFjN80dp4_0NiNhEgpGo0AHemvuSoifXaytfTzcchptiErTKCqTrJ5nW1h7IHYeYymGb5K',
  }
}

function unsupportedError(code: 131051 | 131060): JsonObject {
  const title = code === 131051 ? 'Message type unknown' : 'This message is currently unavailable'
  return { code, title, message: title, error_data: { details: `${title}.` } }
}
