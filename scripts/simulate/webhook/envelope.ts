import type { Channel } from '../channel.ts'
import { userIdOf } from '../customers.ts'
import type { JournalEntry, JsonObject } from '../entry.ts'
import { errorsByCode } from '../graph/errorCodes.ts'
import { templateNamed } from '../graph/templates.ts'
import type { ThreadMessage, World } from '../world.ts'

/** The body of one webhook POST that carries these updates, in this order. */
export function envelope(updates: readonly JournalEntry[], world: World, channel: Channel): JsonObject {
  const changes: JsonObject[] = []
  let open: { kind: string; contact: string; list: JsonObject[] } | undefined
  for (const update of updates) {
    const piece = describe(update, world)
    if (!piece) continue
    // Updates of one kind about the same person share a change, as Meta batches them.
    const contactKey = JSON.stringify(piece.contacts)
    if (open?.kind !== piece.kind || open.contact !== contactKey) {
      open = { kind: piece.kind, contact: contactKey, list: [] }
      changes.push({
        value: {
          messaging_product: 'whatsapp',
          metadata: {
            display_phone_number: channel.displayNumber,
            phone_number_id: channel.phoneNumberId,
          },
          ...(piece.contacts ? { contacts: piece.contacts } : {}),
          [piece.kind]: open.list,
        },
        field: 'messages',
      })
    }
    open.list.push(piece.item)
  }
  return { object: 'whatsapp_business_account', entry: [{ id: channel.businessAccountId, changes }] }
}

interface Piece {
  kind: 'messages' | 'statuses'
  contacts: JsonObject[] | undefined
  item: JsonObject
}

function describe(update: JournalEntry, world: World): Piece | undefined {
  if (update.kind === 'inbound') {
    return { kind: 'messages', contacts: [contact(update.number, world)], item: update.message }
  }
  if (update.kind !== 'status') return undefined
  const message = world.messages.get(update.wamid)
  if (!message) return undefined
  const isFailure = update.status === 'failed'
  return {
    kind: 'statuses',
    // Since 2026 statuses name their contact, except failed ones.
    contacts: isFailure ? undefined : [contact(message.number, world)],
    item: {
      id: update.wamid,
      status: update.status,
      timestamp: String(Math.floor(update.at / 1000)),
      recipient_id: message.number,
      recipient_user_id: userIdOf(message.number),
      ...(message.callbackData === undefined ? {} : { biz_opaque_callback_data: message.callbackData }),
      ...(isFailure ? { errors: [statusError(update.errorCode ?? 131000)] } : { pricing: pricing(message) }),
    },
  }
}

function contact(number: string, world: World): JsonObject {
  return { profile: { name: world.customer(number).name }, wa_id: number, user_id: userIdOf(number) }
}

function pricing(message: ThreadMessage): JsonObject {
  if (message.type !== 'template') {
    return { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' }
  }
  const category = templateNamed(String(message.content.name))?.category ?? 'UTILITY'
  return { billable: true, pricing_model: 'PMP', type: 'regular', category: category.toLowerCase() }
}

function statusError(code: number): JsonObject {
  const known = errorsByCode[code]
  const title = known?.title ?? 'Something went wrong'
  return {
    code,
    title,
    message: title,
    error_data: { details: known?.details ?? title },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  }
}
