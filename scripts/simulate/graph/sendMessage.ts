import type { Channel } from '../channel.ts'
import { parseNumber, userIdOf } from '../customers.ts'
import type { AcceptedSend, Json, JsonObject } from '../entry.ts'
import type { History } from '../history.ts'
import { newWamid } from '../identity.ts'
import { fillTemplate } from './fillTemplate.ts'
import { checkShape } from './messageShape.ts'
import { Refusal } from './refusal.ts'

/** `POST /{phone_number_id}/messages`: accepts a message or a read mark, or throws the refusal. */
export function sendMessage(request: JsonObject, channel: Channel, history: History): JsonObject {
  if (request.messaging_product !== 'whatsapp') throw invalid('The parameter messaging_product is required.')
  if (request.status === 'read') return markRead(request, history)
  const { number, input } = recipient(request, channel, history)
  const type = typeof request.type === 'string' ? request.type : 'text'
  checkShape(type, request)
  const content = accept(type, request, history)
  const contextId = isObject(request.context) ? request.context.message_id : undefined
  const callbackData = request.biz_opaque_callback_data
  if (typeof callbackData === 'string' && callbackData.length > 512) {
    throw invalid('Param biz_opaque_callback_data must be at most 512 characters long.')
  }
  const send: AcceptedSend = {
    type,
    content,
    ...(typeof contextId === 'string' ? { contextId } : {}),
    ...(typeof callbackData === 'string' ? { callbackData } : {}),
  }
  const wamid = newWamid(number, 'business')
  history.record({ kind: 'accepted', at: history.now(), number, wamid, send })
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input, wa_id: number, user_id: userIdOf(number) }],
    messages: [{ id: wamid, ...(type === 'template' ? { message_status: 'accepted' } : {}) }],
  }
}

function markRead(request: JsonObject, history: History): JsonObject {
  const wamid = request.message_id
  if (typeof wamid !== 'string') throw invalid('The parameter message_id is required.')
  if (history.world.messages.get(wamid)?.author !== 'customer') {
    throw new Refusal(131009, `Message ${wamid} does not exist or was not sent by a customer.`)
  }
  const typing = isObject(request.typing_indicator)
  history.record({ kind: 'marked-read', at: history.now(), wamid, typing })
  return { success: true }
}

/** `to` is a phone number, `recipient` a business-scoped user id; `to` wins when both are there. */
function recipient(request: JsonObject, channel: Channel, history: History) {
  const input = typeof request.to === 'string' && request.to !== '' ? request.to : request.recipient
  if (typeof input !== 'string' || input === '') throw invalid('The parameter to is required.')
  const byUserId = [...history.world.customers.keys()].find((number) => userIdOf(number) === input)
  const number = byUserId ?? parseNumber(input)
  if (number === undefined) throw new Refusal(131009, 'The recipient is not a valid phone number.')
  if (number === channel.displayNumber) throw new Refusal(131021)
  return { number, input }
}

function accept(type: string, request: JsonObject, history: History): JsonObject {
  const value = request[type]
  if (type === 'contacts') return { contacts: Array.isArray(value) ? value : [] }
  const content = isObject(value) ? value : {}
  // What the customer reads is kept beside the request, so that the page and the log need no template list.
  if (type === 'template') return { ...content, filled: { ...fillTemplate(content) } }
  if (typeof content.id === 'string' && !history.world.media.has(content.id)) {
    throw new Refusal(131009, `Media id ${content.id} is not valid or has expired.`)
  }
  return content
}

function invalid(sentence: string): Refusal {
  return new Refusal(100, sentence, undefined, sentence)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
