import { DEMO, delivery, signatureOf } from '../../server/testing/delivery.ts'
import { between, type Chance, pick } from '../simulate/chance.ts'

/** One thing that a delivery says, as the checker will look for it. */
export type SentItem =
  | { kind: 'message'; wamid: string; customer: string; second: number; direction: 'in' | 'out' }
  | { kind: 'status'; wamid: string; status: string }
  | { kind: 'bad'; mark: string }

/** One body that WhatsApp posts, and posts again until it is answered with 200. */
export type Parcel = { id: number; body: string; signature: string; items: SentItem[] }

const CUSTOMERS = 25
const LADDERS = [
  ['sent', 'delivered', 'read'],
  ['sent', 'delivered'],
  ['delivered', 'sent'],
  ['sent', 'failed', 'delivered'],
  ['sent', 'failed'],
  ['read'],
] as const
const OLDEST_SECONDS = 120
/** So many wait in the pool that a status often leaves it before its message does. */
const POOL_SIZE = 40

/**
 * What customers and WhatsApp say, without end and the same for the same chance: texts, messages sent from the Business app
 * with the statuses that follow them (or come first), single and in batches, now and then with an item that nobody can read.
 */
export class Traffic {
  readonly #chance: Chance
  readonly #mark: string
  readonly #pool: SentItem[] = []
  #items = 0
  #parcels = 0

  constructor(mark: string, chance: Chance) {
    this.#mark = mark
    this.#chance = chance
  }

  /** The next body. */
  next(): Parcel {
    const isBatch = this.#chance() < 0.3
    const size = isBatch ? between(this.#chance, [2, 12]) : 1
    const items = Array.from({ length: size }, () => this.#draw())
    if (isBatch && this.#chance() < 0.1) items.push({ kind: 'bad', mark: this.#nextId('bad') })
    return this.parcelOf(items)
  }

  /** A text of a customer. */
  text(): SentItem {
    const isOld = this.#chance() < 0.1
    const second = Math.floor(Date.now() / 1000) - (isOld ? between(this.#chance, [1, OLDEST_SECONDS]) : 0)
    const customer = `49155501${String(100 + between(this.#chance, [0, CUSTOMERS - 1]))}`
    return { kind: 'message', wamid: this.#nextId('wamid'), customer, second, direction: 'in' }
  }

  bad(): SentItem {
    return { kind: 'bad', mark: this.#nextId('bad') }
  }

  parcelOf(items: SentItem[]): Parcel {
    const body = JSON.stringify(bodyOf(items))
    return { id: this.#parcels++, body, signature: signatureOf(body), items }
  }

  #draw(): SentItem {
    while (this.#pool.length < POOL_SIZE) this.#fill()
    const at = between(this.#chance, [0, this.#pool.length - 1])
    const [item] = this.#pool.splice(at, 1)
    return item ?? this.text()
  }

  #fill(): void {
    const message = this.text()
    if (message.kind !== 'message' || this.#chance() < 0.7) {
      this.#pool.push(message)
      return
    }
    this.#pool.push({ ...message, direction: 'out' })
    for (const status of pick(this.#chance, LADDERS)) {
      this.#pool.push({ kind: 'status', wamid: message.wamid, status })
    }
  }

  #nextId(kind: string): string {
    this.#items += 1
    return `${kind}.${this.#mark}.${this.#items}`
  }
}

/** Runs of the same kind share a change, as WhatsApp batches them. */
function bodyOf(items: SentItem[]) {
  const changes: unknown[] = []
  let openPart = ''
  let list: unknown[] = []
  for (const item of items) {
    const part = partOf(item)
    if (openPart !== part) {
      openPart = part
      list = []
      const value = part === 'messages' ? { contacts: [], messages: list } : { [part]: list }
      const [entry] = entriesOf(
        delivery(value, part === 'message_echoes' ? 'smb_message_echoes' : 'messages'),
      )
      changes.push(...(entry?.changes ?? []))
    }
    list.push(jsonOf(item))
  }
  return { object: 'whatsapp_business_account', entry: [{ id: DEMO.businessAccountId, changes }] }
}

const entriesOf = (body: { [key: string]: unknown }) =>
  (Array.isArray(body.entry) ? body.entry : []) as { changes: unknown[] }[]

function partOf(item: SentItem): string {
  if (item.kind === 'status') return 'statuses'
  return item.kind === 'message' && item.direction === 'out' ? 'message_echoes' : 'messages'
}

function jsonOf(item: SentItem): unknown {
  if (item.kind === 'bad') return { type: 'text', text: { body: 'without an id' }, mark: item.mark }
  if (item.kind === 'status') {
    const errors = item.status === 'failed' ? { errors: [{ code: 131026, title: 'Undeliverable' }] } : {}
    const timestamp = String(Math.floor(Date.now() / 1000))
    return { id: item.wamid, status: item.status, timestamp, recipient_id: '16505551234', ...errors }
  }
  const { wamid, customer, second, direction } = item
  const ends = direction === 'in' ? { from: customer } : { from: DEMO.displayPhoneNumber, to: customer }
  return { ...ends, id: wamid, timestamp: String(second), type: 'text', text: { body: wamid } }
}
