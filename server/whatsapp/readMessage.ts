import type { Json, JsonObject, MessageContent, MessageContext } from './content.ts'
import type { Addressee, DeliveredMessage } from './delivery.ts'
import { isObject, objectOf, textOf } from './json.ts'
import { bodyOf, messageContent } from './messageContent.ts'
import { firstError } from './messageError.ts'
import { momentOf } from './moment.ts'
import { type PersonIds, personOf } from './person.ts'
import { canonicalPhone } from './phone.ts'

/** What the change around a message says. */
export type Circumstances = { receivedAt: Date; businessPhone: string | null; contacts: JsonObject[] }

type MessageItem =
  | { kind: 'message'; to: Addressee; message: DeliveredMessage }
  | { kind: 'malformed'; to: Addressee; reason: string; detail: string; item: Json }

/** One message of a customer, one echo of what a colleague wrote in the WhatsApp Business app, or one of the history. */
export function readMessage(
  item: Json,
  origin: 'customer' | 'echo' | 'history',
  threadId: string | null,
  { receivedAt, businessPhone, contacts }: Circumstances,
  to: Addressee,
): MessageItem {
  const malformed = (detail: string): MessageItem => ({
    kind: 'malformed',
    to,
    reason: 'malformed_message',
    detail,
    item,
  })
  if (!isObject(item)) return malformed('The message is not an object')
  const wamid = textOf(item.id)
  if (wamid === null) return malformed('The message has no id')

  const isOurs = isFromBusiness(item, origin, businessPhone)
  const customer = personOf(
    threadId === null ? customerIds(item, isOurs, businessPhone) : { ...NO_IDS, id: threadId },
    contacts,
  )
  if (customer === null) return malformed('The message names no sender')

  const type = textOf(item.type) ?? 'unknown'
  const content = messageContent(type, item)
  return {
    kind: 'message',
    to,
    message: {
      wamid,
      direction: isOurs ? 'out' : 'in',
      isHistory: origin === 'history',
      historyStatus: textOf(objectOf(item.history_context).status)?.toLowerCase() ?? null,
      customer,
      groupId: textOf(item.group_id),
      sentAt: momentOf(item.timestamp, receivedAt),
      type,
      content,
      body: bodyOf(content),
      context: contextOf(item),
      targetWamid: targetOf(content),
      error: firstError(item.errors),
      raw: item,
    },
  }
}

const NO_IDS: PersonIds = { id: null, userId: null, parentUserId: null }

/** Echoes are ours by definition; history tells by number. */
function isFromBusiness(
  item: JsonObject,
  origin: 'customer' | 'echo' | 'history',
  businessPhone: string | null,
): boolean {
  if (origin === 'customer') return false
  if (origin === 'echo') return true
  const from = textOf(item.from)
  return from !== null && businessPhone !== null && canonicalPhone(from) === canonicalPhone(businessPhone)
}

function customerIds(item: JsonObject, isOurs: boolean, businessPhone: string | null): PersonIds {
  // Some senders swap the two ends of an echo: whoever is not the business is the customer.
  const isSwapped =
    isOurs &&
    businessPhone !== null &&
    canonicalPhone(textOf(item.to) ?? '') === canonicalPhone(businessPhone)
  if (isOurs && !isSwapped) {
    return {
      id: textOf(item.to),
      userId: textOf(item.to_user_id),
      parentUserId: textOf(item.to_parent_user_id),
    }
  }
  const system = objectOf(item.system)
  return {
    id: textOf(item.from),
    // A changed user id comes without `from`: the person is the one we knew by the previous id.
    userId: textOf(item.from_user_id) ?? textOf(system.previous_user_id) ?? textOf(system.user_id),
    parentUserId: textOf(item.from_parent_user_id) ?? textOf(system.previous_parent_user_id),
  }
}

function targetOf(content: MessageContent): string | null {
  return 'targetWamid' in content ? content.targetWamid : null
}

function contextOf(item: JsonObject): MessageContext | null {
  const context = objectOf(item.context)
  const referral = isObject(item.referral) ? item.referral : null
  const forwarded =
    context.frequently_forwarded === true ? 'often' : context.forwarded === true ? 'once' : null
  const quotedWamid = textOf(context.id)
  if (quotedWamid === null && forwarded === null && referral === null) return null
  return {
    quotedWamid,
    forwarded,
    referral: referral && {
      headline: textOf(referral.headline),
      body: textOf(referral.body),
      sourceUrl: textOf(referral.source_url),
      sourceType: textOf(referral.source_type),
    },
  }
}
