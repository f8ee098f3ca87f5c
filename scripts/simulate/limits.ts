/** What Meta allows a number; null switches a limit off. */
export interface LimitSettings {
  /** Messages a second, in and out together: 80, 20 for a number shared with the app, 1,000 when upgraded. */
  throughputPerSecond: number | null
  /** One message each 6 seconds to one customer, with a burst of 45. */
  isPairLimited: boolean
}

export const noLimits: LimitSettings = { throughputPerSecond: null, isPairLimited: false }

/** One send that came too soon. */
export interface Breach {
  at: number
  limit: 'throughput' | 'pair'
  number: string
  callbackData?: string
}

const pairIntervalMs = 6000
const pairBurst = 45
const secondMs = 1000

/**
 * The two rate limits of WhatsApp, and a log of every send that broke one.
 *
 * Throughput is a bucket of one second's messages that refills evenly. A strict sliding second would blame a sender for
 * what a busy machine bunched together on the way; `busiestSecond` tells what such a count would have seen. Messages
 * of customers take from the same bucket and are never refused.
 */
export class Limits {
  private settings: LimitSettings
  private readonly log: Breach[] = []
  private tokens = 0
  private filledAt = 0
  /** For each customer, when the bucket of 45 will be full again. */
  private readonly pairFullAt = new Map<string, number>()
  private readonly lastSecond: number[] = []
  private oldest = 0
  private busiest = 0

  constructor(
    settings: Partial<LimitSettings>,
    private readonly now: () => number,
  ) {
    this.settings = { ...noLimits, ...settings }
    this.fill()
  }

  /** Changes limits from now on, with full buckets. */
  set(settings: Partial<LimitSettings>): void {
    this.settings = { ...this.settings, ...settings }
    this.pairFullAt.clear()
    this.fill()
  }

  current(): LimitSettings {
    return { ...this.settings }
  }

  /** Every send that broke a limit, oldest first. */
  breaches(): readonly Breach[] {
    return this.log
  }

  /** The most messages, in and out, that fell into one second. */
  busiestSecond(): number {
    return this.busiest
  }

  /** Counts a send, or says with which code it is refused. A refused send takes nothing. */
  take(number: string, callbackData: string | undefined): 130429 | 131056 | undefined {
    const at = this.now()
    const breach = (limit: Breach['limit']) =>
      void this.log.push({ at, limit, number, ...(callbackData === undefined ? {} : { callbackData }) })
    if (this.refill(at) < 1) {
      breach('throughput')
      return 130429
    }
    const fullAt = Math.max(this.pairFullAt.get(number) ?? 0, at) + pairIntervalMs
    if (this.settings.isPairLimited && fullAt - at > pairBurst * pairIntervalMs) {
      breach('pair')
      return 131056
    }
    if (this.settings.isPairLimited) this.pairFullAt.set(number, fullAt)
    this.count(at)
    return undefined
  }

  /** Counts a customer's message. */
  countInbound(): void {
    const at = this.now()
    this.refill(at)
    this.count(at)
  }

  private count(at: number): void {
    // A flood of customers' messages silences the number for a second, not for minutes.
    this.tokens = Math.max(-(this.settings.throughputPerSecond ?? 0), this.tokens - 1)
    this.lastSecond.push(at)
    while ((this.lastSecond[this.oldest] ?? at) <= at - secondMs) this.oldest++
    this.busiest = Math.max(this.busiest, this.lastSecond.length - this.oldest)
    // Cut off now and then: shifting the front off one by one would cost more than the count itself.
    if (this.oldest < 10_000) return
    this.lastSecond.splice(0, this.oldest)
    this.oldest = 0
  }

  private refill(at: number): number {
    const perSecond = this.settings.throughputPerSecond ?? Number.POSITIVE_INFINITY
    if (perSecond === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
    this.tokens = Math.min(perSecond, this.tokens + ((at - this.filledAt) / secondMs) * perSecond)
    this.filledAt = at
    return this.tokens
  }

  private fill(): void {
    this.tokens = this.settings.throughputPerSecond ?? 0
    this.filledAt = this.now()
  }
}
