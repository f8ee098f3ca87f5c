import type { Channel } from '../channel.ts'
import { userIdOf } from '../customers.ts'
import type { AcceptedSend, JsonObject } from '../entry.ts'
import type { History } from '../history.ts'
import { newWamid } from '../identity.ts'
import { isObject } from '../json.ts'
import type { Limits } from '../limits.ts'
import type { MediaStore } from '../media/mediaStore.ts'
import { acceptContent } from './content.ts'
import { checkShape } from './messageShape.ts'
import { recipientOf } from './recipient.ts'
import { invalid, Refusal } from './refusal.ts'

export interface SendRooms {
  channel: Channel
  history: History
  media: MediaStore
  limits: Limits
}

/** How many characters `biz_opaque_callback_data` may have. */
const callbackDataLimit = 512

/**
 * `POST /{phone_number_id}/messages`: accepts a message, or throws the refusal.
 * With `failureCode` the message is accepted and its failure is told later, by a status.
 */
export function sendMessage(request: JsonObject, rooms: SendRooms, failureCode?: number): JsonObject {
  const { channel, history, media, limits } = rooms
  const { number, input } = recipientOf(request, channel, history.world)
  const type = typeof request.type === 'string' ? request.type : 'text'
  checkShape(type, request)
  const accepted = acceptContent(type, request, number, history.world, media, history.now())
  const { biz_opaque_callback_data: callbackData } = request
  const isMarked = typeof callbackData === 'string'
  if (isMarked && callbackData.length > callbackDataLimit) {
    throw invalid(`Param biz_opaque_callback_data must be at most ${callbackDataLimit} characters long.`)
  }
  const tooSoon = limits.take(number, isMarked ? callbackData : undefined)
  if (tooSoon) throw new Refusal(tooSoon)
  const contextId = isObject(request.context) ? request.context.message_id : undefined
  const send: AcceptedSend = {
    type,
    ...accepted,
    ...(failureCode === undefined ? {} : { failure: { code: failureCode } }),
    ...(typeof contextId === 'string' ? { contextId } : {}),
    ...(isMarked ? { callbackData } : {}),
  }
  const wamid = newWamid(number, 'business')
  history.record({ kind: 'accepted', at: history.now(), number, wamid, send })
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input, wa_id: number, user_id: userIdOf(number) }],
    messages: [{ id: wamid, ...(type === 'template' ? { message_status: 'accepted' } : {}) }],
  }
}
