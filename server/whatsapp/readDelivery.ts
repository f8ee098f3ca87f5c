import type { Json, JsonObject } from './content.ts'
import { type Addressee, type DeliveryItem, NOBODY } from './delivery.ts'
import { isObject, listOf, objectOf, parseJson, textOf } from './json.ts'
import { type Circumstances, readMessage } from './readMessage.ts'
import { readStatus } from './readStatus.ts'

type NewItem<Item = DeliveryItem> = Item extends DeliveryItem ? Omit<Item, 'path' | 'index'> : never

/** Fields of `value` that are read item by item; a value that has others too is also kept as news. */
const READ_PARTS = new Set([
  'messaging_product',
  'metadata',
  'contacts',
  'messages',
  'statuses',
  'message_echoes',
  'history',
])
/** Fields whose `statuses` are not about messages. */
const FIELDS_WITHOUT_MESSAGES = new Set(['calls'])

/**
 * Takes a webhook body apart: every entry, every change, every message, status and piece of news, each on its own, so that
 * one bad item never costs its siblings. Never throws. Contacts are matched to messages by identity, never by place.
 */
export function readDelivery(body: Uint8Array, receivedAt: Date): DeliveryItem[] {
  const items: DeliveryItem[] = []
  const add = (path: string, item: NewItem) => items.push({ ...item, path, index: items.length })
  const malformed = (path: string, reason: string, detail: string, item: Json, to = NOBODY) =>
    add(path, { kind: 'malformed', to, reason, detail, item })

  let root: Json
  try {
    root = parseJson(new TextDecoder().decode(body))
  } catch (error) {
    malformed('', 'not_json', error instanceof Error ? error.message : String(error), null)
    return items
  }
  if (!isObject(root) || !Array.isArray(root.entry)) {
    malformed('', 'not_a_delivery', 'The body has no list of entries', root)
    return items
  }

  root.entry.forEach((entry, entryIndex) => {
    const { id, time, changes } = objectOf(entry)
    const entryPath = `entry[${entryIndex}]`
    const account: Addressee = { phoneNumberId: null, businessAccountId: textOf(id) }
    if (!Array.isArray(changes)) {
      malformed(entryPath, 'not_an_entry', 'The entry has no list of changes', entry, account)
      return
    }
    changes.forEach((change, changeIndex) => {
      const path = `${entryPath}.changes[${changeIndex}]`
      if (!isObject(change)) malformed(path, 'not_a_change', 'The change is not an object', change, account)
      else readChange(change, { path, receivedAt, time: time ?? null, businessAccountId: textOf(id) }, add)
    })
  })
  return items
}

type Change = { path: string; receivedAt: Date; time: Json; businessAccountId: string | null }

function readChange(
  change: JsonObject,
  { path, receivedAt, time, businessAccountId }: Change,
  add: (path: string, item: NewItem) => void,
): void {
  const field = textOf(change.field) ?? 'unknown'
  const value = objectOf(change.value)
  const metadata = objectOf(value.metadata)
  const to: Addressee = { phoneNumberId: textOf(metadata.phone_number_id), businessAccountId }
  const circumstances: Circumstances = {
    receivedAt,
    businessPhone: textOf(metadata.display_phone_number),
    contacts: listOf(value.contacts).filter(isObject),
  }
  const valuePath = `${path}.value`

  const each = (name: string, list: Json | undefined, read: (item: Json) => NewItem) =>
    listOf(list).forEach((item, index) => {
      add(`${valuePath}.${name}[${index}]`, attempt(item, to, read))
    })
  const message =
    (origin: 'customer' | 'echo' | 'history', threadId: string | null = null) =>
    (item: Json) =>
      readMessage(item, origin, threadId, circumstances, to)

  each('messages', value.messages, message(field === 'history' ? 'history' : 'customer'))
  each('message_echoes', value.message_echoes, message('echo'))
  listOf(value.history).forEach((chunk, chunkIndex) => {
    listOf(objectOf(chunk).threads).forEach((thread, threadIndex) => {
      const { id, messages } = objectOf(thread)
      each(
        `history[${chunkIndex}].threads[${threadIndex}].messages`,
        messages,
        message('history', textOf(id)),
      )
    })
  })
  const hasMessageStatuses = !FIELDS_WITHOUT_MESSAGES.has(field)
  if (hasMessageStatuses) each('statuses', value.statuses, (item) => readStatus(item, receivedAt, to))

  const isFullyRead = hasMessageStatuses && Object.keys(value).every((name) => READ_PARTS.has(name))
  const carriesItems = ['messages', 'message_echoes', 'statuses', 'history'].some(
    (name) => listOf(value[name]).length > 0,
  )
  if (!isFullyRead || !carriesItems) {
    add(path, { kind: 'news', to, news: news(field, change.value ?? null, time) })
  }
}

/** A reader that trips over something nobody thought of costs its own item only. */
function attempt(item: Json, to: Addressee, read: (item: Json) => NewItem): NewItem {
  try {
    return read(item)
  } catch (error) {
    return {
      kind: 'malformed',
      to,
      reason: 'unreadable',
      detail: error instanceof Error ? error.message : String(error),
      item,
    }
  }
}

/** News has no id of its own: field, time and value together are what a redelivery repeats. */
function news(field: string, value: Json, time: Json) {
  const seconds = typeof time === 'number' || typeof time === 'string' ? Number(time) : Number.NaN
  const occurredAt = new Date(seconds * 1000)
  return {
    field,
    value,
    occurredAt: Number.isNaN(occurredAt.getTime()) ? null : occurredAt,
    digest: new Bun.CryptoHasher('sha256').update(JSON.stringify([field, time, value])).digest('hex'),
  }
}
