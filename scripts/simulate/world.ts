import type { Customer } from './customers.ts'
import type { InboundMessage, JournalEntry, MediaRecord } from './entry.ts'
import { updateKey } from './entry.ts'
import { objectOf } from './json.ts'
import { startingTemplates, type Template } from './templates.ts'
import type { ReadMark, ThreadMessage } from './threadMessage.ts'

/**
 * Everything that the simulated WhatsApp knows: the sum of the journal's entries.
 *
 * `apply` is the only writer and takes nothing but the entry, so a restart that replays the journal arrives at
 * the same world.
 */
export class World {
  readonly customers = new Map<string, Customer>()
  readonly threads = new Map<string, ThreadMessage[]>()
  readonly messages = new Map<string, ThreadMessage>()
  /** What the business got accepted, in this order. */
  readonly accepted: ThreadMessage[] = []
  readonly readMarks: ReadMark[] = []
  readonly templates: Map<string, Template>
  readonly media = new Map<string, MediaRecord>()
  readonly typingAt = new Map<string, number>()
  /** Updates that no webhook answer has settled yet, in the order in which they happened. */
  readonly unsettled = new Map<string, JournalEntry>()

  constructor(templates: readonly Template[] = startingTemplates) {
    this.templates = new Map(templates.map((one) => [one.id, { ...one }]))
  }

  apply(entry: JournalEntry): void {
    const key = updateKey(entry)
    if (key !== undefined) this.unsettled.set(key, entry)
    switch (entry.kind) {
      case 'customer':
        this.customer(entry.number).name = entry.name
        break
      case 'setting':
        this.applySetting(entry)
        break
      case 'opened':
        this.customer(entry.number).openedAt = entry.at
        break
      case 'inbound':
        this.applyInbound(entry.number, entry.at, entry.message)
        break
      case 'accepted':
        this.applyAccepted(entry)
        break
      case 'status':
        this.applyStatus(entry)
        break
      case 'marked-read':
        this.applyMarkedRead(entry.wamid, entry.at, entry.typing)
        break
      case 'media':
        this.media.set(entry.media.id, entry.media)
        break
      case 'media-deleted':
        this.media.delete(entry.id)
        break
      case 'preference':
        this.customer(entry.number).isOptedOut = entry.value === 'stop'
        break
      case 'template':
        this.applyTemplate(entry)
        break
      case 'webhook':
        this.applyWebhook(entry.keys, entry.outcome)
        break
    }
  }

  /** The customer with this number; a number that is new here gets a phone, as any number may be written to. */
  customer(number: string): Customer {
    const known = this.customers.get(number)
    if (known) return known
    const customer = {
      number,
      name: `+${number}`,
      autoRead: true,
      windowClosed: false,
      openedAt: 0,
      isOptedOut: false,
    }
    this.customers.set(number, customer)
    return customer
  }

  private applySetting(setting: { number: string; autoRead?: boolean; windowClosed?: boolean }): void {
    const customer = this.customer(setting.number)
    if (setting.autoRead !== undefined) customer.autoRead = setting.autoRead
    if (setting.windowClosed !== undefined) customer.windowClosed = setting.windowClosed
  }

  private applyInbound(number: string, at: number, message: InboundMessage): void {
    const customer = this.customer(number)
    customer.wroteAt = at
    customer.windowClosed = false
    if ('referral' in message) {
      customer.adAt = at
      delete customer.freeEntryEndsAt
    }
    const context = objectOf(message.context)
    const content = message[message.type]
    this.add({
      ...blank(message.id, number, 'customer', at),
      type: message.type,
      // Contact cards are the one kind whose object is a list.
      content: Array.isArray(content) ? { [message.type]: content } : objectOf(content),
      ...(typeof context.id === 'string' ? { contextId: context.id } : {}),
    })
  }

  private applyAccepted({ wamid, number, at, send }: Extract<JournalEntry, { kind: 'accepted' }>): void {
    this.typingAt.delete(number)
    const message = { ...blank(wamid, number, 'business', at), ...send }
    this.accepted.push(message)
    this.add(message)
    const customer = this.customer(number)
    // The first answer within a day opens three days that cost nothing.
    const isFirstAnswer = customer.freeEntryEndsAt === undefined && at - (customer.adAt ?? 0) < dayMs
    if (isFirstAnswer) customer.freeEntryEndsAt = at + freeEntryMs
  }

  private applyTemplate({ template: { id }, change }: Extract<JournalEntry, { kind: 'template' }>): void {
    const template = this.templates.get(id)
    if (!template) return
    if (change.status === 'DELETED') this.templates.delete(id)
    const { status, quality, category, components } = change
    if (status) template.status = status
    if (quality) template.quality = quality
    if (category) template.category = category
    if (components) template.components = components
  }

  private applyStatus(entry: Extract<JournalEntry, { kind: 'status' }>): void {
    const { status, at, errorCode } = entry
    const message = this.messages.get(entry.wamid)
    message?.statuses.push({ status, at, ...(errorCode === undefined ? {} : { errorCode }) })
  }

  private add(message: ThreadMessage): void {
    this.customer(message.number)
    this.messages.set(message.wamid, message)
    const thread = this.threads.get(message.number)
    if (thread) thread.push(message)
    else this.threads.set(message.number, [message])
    if (message.type !== 'reaction') return
    const target = this.messages.get(String(message.content.message_id))
    if (target) target.reactions[message.author] = String(message.content.emoji ?? '')
  }

  /** Marking one message as read marks all that came before it in the thread. */
  private applyMarkedRead(wamid: string, at: number, typing: boolean): void {
    this.readMarks.push({ at, wamid, typing })
    const marked = this.messages.get(wamid)
    if (!marked) return
    if (typing) this.typingAt.set(marked.number, at)
    for (const message of this.threads.get(marked.number) ?? []) {
      if (message.author === 'customer') message.readByBusiness = true
      if (message === marked) return
    }
  }

  private applyWebhook(keys: string[], outcome: 'delivered' | 'dropped'): void {
    for (const key of keys) {
      this.unsettled.delete(key)
      const message = this.messages.get(key)
      if (message && outcome === 'delivered') message.arrived = true
    }
  }
}

const dayMs = 24 * 3_600_000
const freeEntryMs = 3 * dayMs

function blank(wamid: string, number: string, author: 'customer' | 'business', at: number) {
  return { wamid, number, author, at, statuses: [], arrived: false, readByBusiness: false, reactions: {} }
}
