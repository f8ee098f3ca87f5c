import type { MessageContent, MessageContext } from '../whatsapp/content.ts'
import type { OutgoingContent, OutgoingReaction, OutgoingTemplate } from '../whatsapp/outgoingContent.ts'
import { composeTemplate } from './composeTemplate.ts'
import type { OutgoingParts } from './outgoingParts.ts'
import { fileIn, type Place, pointed } from './partsInReach.ts'
import { Refusal } from './refusal.ts'
import type { SendRequest } from './sendMessages.ts'
import type { MediaSnapshot } from './snapshot.ts'

/** A message as it will stand in the thread and go out. */
export type Composed = {
  content: MessageContent
  context: MessageContext | null
  media: MediaSnapshot | null
}

type Content<K extends OutgoingContent['kind']> = Extract<OutgoingContent, { kind: K }>
type Files = Content<'image' | 'video' | 'audio' | 'document' | 'sticker'>

/**
 * What becomes of a request in this conversation. Pure: all that it points to was looked up before. Throws the Refusal of a
 * request that points to what is not there, or not fit to be sent.
 */
export function composeMessage(
  { content, quotedMessageId, reach }: SendRequest,
  conversation: Omit<Place, 'reach'>,
  parts: OutgoingParts,
  now: Date,
): Composed {
  const place = { ...conversation, reach }
  const quoted =
    quotedMessageId === undefined ? null : pointed(parts, place, quotedMessageId, 'quotedMessageId')
  const context = quoted && { quotedWamid: quoted.wamid, forwarded: null, referral: null }
  if (content.kind === 'template') return { ...composeTemplate(content, place, parts), context }
  if ('fileId' in content) return { ...composeFile(content, place, parts), context }
  // WhatsApp refuses a reaction that quotes.
  if (content.kind === 'reaction')
    return { content: composeReaction(content, place, parts, now), context: null, media: null }
  return { content: plainContent(content), context, media: null }
}

function plainContent(content: Exclude<OutgoingContent, Files | OutgoingTemplate>): MessageContent {
  switch (content.kind) {
    case 'text':
      return content.preview === false
        ? { kind: 'text', text: content.text, preview: false }
        : { kind: 'text', text: content.text }
    case 'location':
      return { ...content, name: content.name || null, address: content.address || null }
    case 'contacts':
      return {
        kind: 'contacts',
        cards: content.cards.map((card) => ({ ...card, organisation: card.organisation || null })),
      }
    case 'list': {
      const sections = content.sections.map(({ title, rows }) => ({
        title,
        rows: rows.map((row) => ({ ...row, description: row.description || null })),
      }))
      return { ...content, ...frame(content), sections }
    }
    case 'buttons':
    case 'cta_url':
      return { ...content, ...frame(content) }
    case 'location_request':
      return content
  }
}

const frame = ({ header, footer }: { header?: string | undefined; footer?: string | undefined }) => ({
  header: header || null,
  footer: footer || null,
})

function composeFile(content: Files, place: Place, parts: OutgoingParts) {
  const { media } = fileIn(parts, place, content.fileId)
  if (media.kind !== content.kind) {
    const sentence = `This file was uploaded to be sent as ${media.kind}, not as ${content.kind}.`
    throw new Refusal('MEDIA_UNUSABLE', sentence, { fileId: content.fileId, kind: media.kind })
  }
  const composed: MessageContent = {
    kind: content.kind,
    mediaId: null,
    mimeType: media.type,
    sha256: null,
    caption: content.caption?.trim() ? content.caption : null,
    filename: media.filename,
    isVoice: content.kind === 'audio' && content.isVoice === true,
    isAnimated: false,
    fileId: content.fileId,
  }
  return { content: composed, media }
}

const OLDEST_REACTION_MS = 30 * 24 * 60 * 60 * 1000

function composeReaction(
  { messageId, emoji }: OutgoingReaction,
  place: Place,
  parts: OutgoingParts,
  now: Date,
): MessageContent {
  const { wamid, type, sentAt } = pointed(parts, place, messageId, 'messageId')
  const invalid = (problem: string, sentence: string) =>
    new Refusal('MESSAGE_INVALID', sentence, { field: 'messageId', problem })
  if (['reaction', 'edit', 'revoke', 'system'].includes(type))
    throw invalid('not_possible', 'WhatsApp takes no reaction to this.')
  if (now.getTime() - sentAt.getTime() > OLDEST_REACTION_MS) {
    throw invalid('too_old', 'WhatsApp takes reactions only to messages of the last 30 days.')
  }
  return { kind: 'reaction', targetWamid: wamid, emoji }
}
