import { userIdOf } from '../customers.ts'
import type { JournalEntry, JsonObject, StatusName } from '../entry.ts'
import { errorOf } from '../graph/errorCodes.ts'
import { templateNamed } from '../templates.ts'
import type { ThreadMessage } from '../threadMessage.ts'
import type { World } from '../world.ts'

type StatusEntry = Extract<JournalEntry, { kind: 'status' }>

/** One object of `statuses[]`. */
export function describeStatus(update: StatusEntry, message: ThreadMessage, world: World): JsonObject {
  const { number, callbackData } = message
  return {
    id: update.wamid,
    status: update.status,
    timestamp: String(Math.floor(update.at / 1000)),
    recipient_id: number,
    recipient_user_id: userIdOf(number),
    ...(callbackData === undefined ? {} : { biz_opaque_callback_data: callbackData }),
    ...(update.status === 'failed'
      ? { errors: [statusError(update, message)] }
      : costOf(message, update.status, world)),
  }
}

/** What the message costs; inside a free entry point the first two statuses name the conversation, `sent` its end. */
function costOf(message: ThreadMessage, status: StatusName, world: World): JsonObject {
  const { freeEntryEndsAt } = world.customer(message.number)
  if (freeEntryEndsAt !== undefined && message.at < freeEntryEndsAt) {
    const expiry =
      status === 'sent' ? { expiration_timestamp: String(Math.floor(freeEntryEndsAt / 1000)) } : {}
    const isNamed = status === 'sent' || status === 'delivered'
    const origin = { type: 'referral_conversion' }
    return {
      ...(isNamed ? { conversation: { id: `fep-${message.number}`, ...expiry, origin } } : {}),
      pricing: {
        billable: false,
        pricing_model: 'PMP',
        type: 'free_entry_point',
        category: 'referral_conversion',
      },
    }
  }
  if (message.type !== 'template') {
    return {
      pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
    }
  }
  const named = templateNamed(world.templates.values(), String(message.content.name))
  const category = String(message.content.category ?? named?.category ?? 'UTILITY').toLowerCase()
  return { pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category } }
}

function statusError({ errorCode: code = 131000 }: StatusEntry, { failure }: ThreadMessage): JsonObject {
  const known = errorOf(code)
  const title = known?.title ?? 'Something went wrong'
  const details = failure?.code === code ? failure.details : undefined
  return {
    code,
    title,
    message: title,
    error_data: { details: details ?? known?.details ?? title },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  }
}
