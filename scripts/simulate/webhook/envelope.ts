import type { Channel } from '../channel.ts'
import { userIdOf } from '../customers.ts'
import type { JournalEntry, JsonObject } from '../entry.ts'
import type { World } from '../world.ts'
import { describeStatus } from './statusItem.ts'
import { templateChanges } from './templateChanges.ts'

/** The body of one webhook POST that carries these updates, in this order. */
export function envelope(updates: readonly JournalEntry[], world: World, channel: Channel): JsonObject {
  const entries: JsonObject[] = []
  let changes: JsonObject[] = []
  let open: { key: string; list: JsonObject[] } | undefined
  const write = (more: JsonObject[], at?: number) => {
    open = undefined
    // Only what is not about messages says when it happened.
    if (at !== undefined || entries.length === 0 || entries.at(-1)?.time !== undefined) {
      changes = []
      const time = at === undefined ? {} : { time: Math.floor(at / 1000) }
      entries.push({ id: channel.businessAccountId, ...time, changes })
    }
    changes.push(...more)
  }
  for (const update of updates) {
    if (update.kind === 'template') {
      write(templateChanges(update), update.at)
      continue
    }
    const piece = describe(update, world)
    if (!piece) continue
    // Updates of one kind about the same person share a change, as Meta batches them.
    const key = JSON.stringify([piece.kind, piece.contacts])
    if (open?.key !== key) {
      const list: JsonObject[] = []
      write([changeWith(piece, list, channel)])
      open = { key, list }
    }
    open.list.push(piece.item)
  }
  return { object: 'whatsapp_business_account', entry: entries }
}

interface Piece {
  kind: 'messages' | 'statuses' | 'user_preferences'
  contacts: JsonObject[] | undefined
  item: JsonObject
}

function changeWith({ kind, contacts }: Piece, list: JsonObject[], channel: Channel): JsonObject {
  return {
    value: {
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: channel.displayNumber, phone_number_id: channel.phoneNumberId },
      ...(contacts ? { contacts } : {}),
      [kind]: list,
    },
    field: kind === 'user_preferences' ? kind : 'messages',
  }
}

function describe(update: JournalEntry, world: World): Piece | undefined {
  if (update.kind === 'inbound') {
    return { kind: 'messages', contacts: [contact(update.number, world)], item: update.message }
  }
  if (update.kind === 'preference') {
    const { number, value, at } = update
    const item = {
      wa_id: number,
      user_id: userIdOf(number),
      detail: `User requested to ${value} marketing messages`,
      category: 'marketing_messages',
      value,
      // A number here, where every other time is a string: so it stands in Meta's text.
      timestamp: Math.floor(at / 1000),
    }
    return { kind: 'user_preferences', contacts: [contact(number, world)], item }
  }
  const message = update.kind === 'status' ? world.messages.get(update.wamid) : undefined
  if (update.kind !== 'status' || !message) return undefined
  // Since 2026 statuses name their contact, except failed ones.
  const contacts = update.status === 'failed' ? undefined : [contact(message.number, world)]
  return { kind: 'statuses', contacts, item: describeStatus(update, message, world) }
}

function contact(number: string, world: World): JsonObject {
  return { profile: { name: world.customer(number).name }, wa_id: number, user_id: userIdOf(number) }
}
