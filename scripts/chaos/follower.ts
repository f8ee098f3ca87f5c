import type { FeedItem } from '../../server/inbox/event.ts'
import { type SignedIn, signIn } from '../testing/client.ts'

const RETRY_AFTER_MS = 100

/** An agent's open browser: follows the feed through every fault, and keeps the log of what it was told. */
export class Follower {
  readonly #session: SignedIn
  readonly items: FeedItem[] = []
  #cursor: string
  #isClosed = false
  #unsubscribe: () => void = () => {}

  private constructor(session: SignedIn, cursor: string) {
    this.#session = session
    this.#cursor = cursor
    this.#subscribe()
  }

  /** Signs in and follows from `cursor` on. */
  static async open(url: string, cursor: string): Promise<Follower> {
    return new Follower(await signIn(url, 'ana@demo.baton'), cursor)
  }

  /** How far it has been told. */
  get cursor(): number {
    return Number(this.#cursor)
  }

  /** What is wrong with its log, compared with the events that the database holds. */
  flawsAgainst(events: readonly { seq: number; type: string }[]): string[] {
    const told = this.items.filter((item) => item.type === 'event')
    const flaws: string[] = []
    if (this.items.some((item) => item.type === 'resync')) flaws.push('the subscriber was told to resync')
    const isRising = told.every((item, at) => at === 0 || Number(item.seq) > Number(told[at - 1]?.seq))
    if (!isRising) flaws.push('the subscriber was told events twice or out of order')
    const seen = new Map(told.map((item) => [Number(item.seq), item.event.type]))
    const missed = events.filter(({ seq, type }) => seen.get(seq) !== type).length
    if (missed > 0) flaws.push(`the subscriber missed ${missed} of ${events.length} events`)
    if (seen.size > events.length)
      flaws.push('the subscriber was told events that the database does not hold')
    return flaws
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#unsubscribe()
    await Promise.race([this.#session.close(), Bun.sleep(1_000)])
  }

  #subscribe(): void {
    const again = () => {
      if (this.#isClosed) return
      setTimeout(() => !this.#isClosed && this.#subscribe(), RETRY_AFTER_MS)
    }
    const subscription = this.#session.trpc.live.feed.subscribe(
      { lastEventId: this.#cursor },
      {
        onData: ({ data }) => {
          this.items.push(data)
          this.#cursor = data.seq
        },
        onError: again,
        onComplete: again,
      },
    )
    this.#unsubscribe = () => subscription.unsubscribe()
  }
}
