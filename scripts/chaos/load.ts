import { between, type Chance } from '../simulate/chance.ts'
import type { Answer, Ledger, Try } from './ledger.ts'
import type { Parcel, Traffic } from './traffic.ts'

export type LoadOptions = {
  /** Of the server; it is asked anew for each POST. */
  url(): string
  traffic: Traffic
  ledger: Ledger
  chance: Chance
  perSecond?: number
}

const CONNECTIONS = 16
const PER_SECOND = 400
/** Meta gives up on an answer after some seconds, and posts again. */
const GIVE_UP_AFTER_MS = 8_000
const DUPLICATE_SHARE = 0.04
const FORGED_SHARE = 0.01
const REPEAT_AFTER_MS = [80, 500] as const

type Due = { parcel: Parcel; atMs: number }

/** Posts parcels at a bounded rate until it is told to stop, and repeats what was not answered with 200, as WhatsApp does. */
export class Load {
  readonly #options: LoadOptions
  readonly #repeats: Due[] = []
  readonly #open = new Set<Try>()
  readonly #workers: Promise<void>[]
  #isMaking = true
  #isOver = false
  #nextAtMs = performance.now()

  constructor(options: LoadOptions) {
    this.#options = options
    this.#workers = Array.from({ length: CONNECTIONS }, () => this.#work())
  }

  /** POSTs that have no answer yet. */
  get open(): Try[] {
    return [...this.#open]
  }

  /** Makes nothing new, repeats until all is answered with 200, for `withinMs` at most; returns how many are left. */
  async drain(withinMs = 60_000): Promise<number> {
    this.#isMaking = false
    const deadline = performance.now() + withinMs
    while (this.#repeats.length + this.#open.size > 0 && performance.now() < deadline) await Bun.sleep(20)
    this.#isOver = true
    await Promise.all(this.#workers)
    return this.#repeats.length
  }

  async #work(): Promise<void> {
    while (!this.#isOver) {
      const parcel = this.#take()
      if (parcel === null) await Bun.sleep(2)
      else await this.#deliver(parcel)
    }
  }

  #take(): Parcel | null {
    const now = performance.now()
    const due = this.#repeats.findIndex(({ atMs }) => atMs <= now)
    if (due !== -1) return this.#repeats.splice(due, 1)[0]?.parcel ?? null
    if (!this.#isMaking || now < this.#nextAtMs) return null
    // What could not be sent while all was stuck is not made up for: the load stays bounded.
    this.#nextAtMs = Math.max(this.#nextAtMs, now - 100) + 1000 / (this.#options.perSecond ?? PER_SECOND)
    return this.#options.traffic.next()
  }

  async #deliver(parcel: Parcel): Promise<void> {
    const { ledger, chance } = this.#options
    if (chance() < FORGED_SHARE) await this.#forge()
    const attempt = ledger.sending(parcel)
    this.#open.add(attempt)
    const answer = await postSigned(this.#options.url(), parcel.body, parcel.signature)
    ledger.ended(attempt, answer)
    this.#open.delete(attempt)
    if (answer !== 200 || (this.#isMaking && chance() < DUPLICATE_SHARE)) {
      this.#repeats.push({ parcel, atMs: performance.now() + between(chance, REPEAT_AFTER_MS) })
    }
  }

  /** Somebody without the secret tries. */
  async #forge(): Promise<void> {
    const { ledger, traffic, url } = this.#options
    const item = traffic.text()
    const { body } = traffic.parcelOf([item])
    if (item.kind === 'message') ledger.forged.add(item.wamid)
    ledger.forgedAnswers.push(await postSigned(url(), body, 'sha256=00'))
  }
}

/** Posts a body and says how it ended. */
export async function postSigned(url: string, body: string, signature: string): Promise<Answer> {
  try {
    const response = await fetch(`${url}/webhooks/whatsapp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
      body,
      signal: AbortSignal.timeout(GIVE_UP_AFTER_MS),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 'broken'
  }
}
