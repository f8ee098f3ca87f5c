import type { JsonObject } from '../entry.ts'
import type { History } from '../history.ts'
import { isObject } from '../json.ts'
import { invalid, Refusal } from './refusal.ts'

/** `status: read`, with or without a typing bubble: blue ticks on this message and on all before it. */
export function markRead(request: JsonObject, history: History): JsonObject {
  const { message_id: wamid, typing_indicator: typing } = request
  if (typeof wamid !== 'string') throw invalid('The parameter message_id is required.')
  if (typing !== undefined && !(isObject(typing) && typing.type === 'text')) {
    throw invalid("Param typing_indicator['type'] must be one of {TEXT}.")
  }
  const message = history.world.messages.get(wamid)
  if (message ? message.author !== 'customer' : !isFromBefore(wamid)) {
    throw new Refusal(131009, { details: `Message ${wamid} does not exist or was not sent by a customer.` })
  }
  history.record({ kind: 'marked-read', at: history.now(), wamid, typing: isObject(typing) })
  return { success: true }
}

/**
 * Whether an unknown id looks like one of WhatsApp's: the product's demo has a history that took place before the
 * simulator began, and agents read and react to it.
 */
export function isFromBefore(wamid: string): boolean {
  return /^wamid\.HBg[\w+/=]{30,}$/.test(wamid)
}
