import { createTRPCClient, createWSClient, retryLink, type TRPCClient, wsLink } from '@trpc/client'
import type { FeedItem } from '../../../server/inbox/event.ts'
import type { PresenceItem } from '../../../server/live/presenceItem.ts'
import type { AppRouter } from '../../../server/trpc/router.ts'
import { apply, type InboxState } from '../../../web/src/lib/inbox/apply.ts'

export type SubscriberOptions = {
  /** Where its socket goes; `origin` is the address that the server knows itself by. */
  via: string
  origin: string
  cookie: string
  /** What the tab holds when it begins to follow, and the cursor of that. */
  inbox: InboxState
  cursor: string
  /** A control: what becomes of the cursor with which it comes back. */
  falsify?: (cursor: number) => number
}

const RECONNECT_MS = 20
/** As in the web: within 250 ms the `stopped` of the failed one would still carry its id. */
const AFTER_ERROR_MS = 250
const AFTER_END_MS = 100

/**
 * A tab: follows the feed over tRPC's own WebSocket client with a tracked cursor, as the web app does, but comes back faster.
 * Keeps the log of what it was told, and holds what `apply` made of it.
 */
export class Subscriber {
  readonly items: FeedItem[] = []
  readonly presence: PresenceItem[] = []
  readonly trpc: TRPCClient<AppRouter>
  inbox: InboxState
  sockets = 0
  #cursor: string
  #isClosed = false
  readonly #socket: ReturnType<typeof createWSClient>
  readonly #subscriptions: { unsubscribe(): void }[] = []

  constructor(readonly options: SubscriberOptions) {
    this.inbox = options.inbox
    this.#cursor = options.cursor
    const headers = { cookie: options.cookie, origin: options.origin }
    const opened = () => ++this.sockets
    const { falsify } = options
    this.#socket = createWSClient({
      url: `${options.via.replace('http', 'ws')}/trpc`,
      retryDelayMs: () => RECONNECT_MS,
      WebSocket: class extends WebSocket {
        readonly #isFirst = opened() === 1
        constructor(address: string | URL) {
          super(address, { headers })
        }
        override send(data: Parameters<WebSocket['send']>[0]): void {
          const isFalse = falsify && !this.#isFirst && typeof data === 'string'
          super.send(
            isFalse ? data.replace(CURSOR, (_, seq) => `"lastEventId":"${falsify(Number(seq))}"`) : data,
          )
        }
      },
    })
    this.trpc = createTRPCClient<AppRouter>({
      links: [
        retryLink({ retry: ({ op }) => op.type === 'subscription', retryDelayMs: () => AFTER_ERROR_MS }),
        wsLink({ client: this.#socket }),
      ],
    })
    this.#follow()
  }

  /** How far it has been told. */
  get cursor(): number {
    return Number(this.#cursor)
  }

  /** Follows presence as well, as this tab and on the same socket. `say` is called whenever it has to say anew that it is there. */
  attend(tabId: string, say: () => void): void {
    const subscription = this.trpc.live.presence.subscribe(
      { tabId },
      {
        onData: (item) => {
          this.presence.push(item)
          if (item.type === 'state') say()
        },
      },
    )
    this.#subscriptions.push(subscription)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    await this.#socket.close()
  }

  #follow(): void {
    const subscription = this.trpc.live.feed.subscribe(
      { lastEventId: this.#cursor },
      {
        onData: ({ data: item }) => {
          this.items.push(item)
          this.#cursor = item.seq
          if (item.type === 'event') this.inbox = apply(this.inbox, item.event)
        },
        onComplete: () => {
          if (!this.#isClosed) setTimeout(() => this.#isClosed || this.#follow(), AFTER_END_MS)
        },
      },
    )
    this.#subscriptions.push(subscription)
  }
}

const CURSOR = /"lastEventId":"(\d+)"/g
