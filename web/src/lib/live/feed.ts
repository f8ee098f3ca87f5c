import type { Unsubscribable } from '@trpc/server/observable'
import type { InboxEvent, ResyncScope } from '../../../../server/inbox/event.ts'
import { type Api, openSocket } from '../api/client.ts'
import { afterPaint } from '../app/afterPaint.ts'
import type { Connection } from './connection.svelte.ts'

type Listener = {
  apply(events: InboxEvent[]): void
  opened(): void
  /** What is held within the scope can not be continued: load it again, and say when that is done. The feed itself goes on. */
  resync(scope: ResyncScope, done: () => void): void
  /** The socket was refused or lost; a browser does not say why, so somebody has to ask. */
  lost(): void
  signedOut(): void
  /** What else is followed on the same socket, for as long as it is this one. */
  alongside(api: Api): Unsubscribable
}

/** Events that come within one frame are applied together: a burst costs one update of the page. */
const FRAME_MS = 16
/** While they keep coming the page is drawn anew so often and no more, and not for so large a part of the time: it belongs to whoever writes. */
const STREAM_MS = 120
const SHARE = 1 / 4
/** Whatever drawing took once. */
const MOST_REST_MS = 400

/**
 * Follows `live.feed` from a cursor, for as long as the tab lives. Delivery is at least once: after a lost socket the
 * subscription resumes from the last item that arrived, and `apply` ignores what it has seen.
 */
export class Feed {
  #cursor: string | null = null
  #shownTo: string | null = null
  #line: ReturnType<Feed['open']>
  #subscription: Unsubscribable | null = null
  #pending: InboxEvent[] = []
  #flush: ReturnType<typeof setTimeout> | undefined
  /** Before this, events wait for each other. */
  #restsUntil = 0
  /** The reload that a resync asked for and that is not done. */
  #reload: object | null = null

  constructor(
    private readonly connection: Connection,
    /** What this tab shows; the server tells what has changed about it, also while we were away. */
    private reach: { channelIds: string[]; reachMark: string },
    private readonly listener: Listener,
  ) {
    this.#line = this.open()
  }

  /** How far the log has been applied to what this tab shows; null before it follows. */
  get shownTo(): string | null {
    return this.#shownTo
  }

  follow(cursor: string) {
    this.#cursor = cursor
    this.#shownTo ??= cursor
    this.#unsubscribe()
    this.#subscription = this.#line.api.live.feed.subscribe(
      { lastEventId: cursor, ...this.reach },
      {
        onData: ({ data: item }) => {
          this.#cursor = item.seq
          if (item.type === 'event') this.#queue(item.event)
          if (item.type === 'resync') this.#resync(item.scope)
          if (this.#flush === undefined) this.#shown()
        },
        // The server ended it without an error, as when an agent's access changed: ask again, from where we are.
        onComplete: () => this.#resume(),
      },
    )
  }

  /** This is shown from now on. A subscription that comes back by itself would repeat those that it began with. */
  shows(reach: { channelIds: string[]; reachMark: string }) {
    this.reach = reach
    if (this.#subscription !== null && this.#cursor !== null) this.follow(this.#cursor)
  }

  /**
   * Opens a new socket at once, when there is reason to believe that it will work. The old one is closed even if it looks
   * open: after a change of network it may be dead without knowing.
   */
  reopen() {
    this.#close()
    this.#line = this.open()
    if (this.#cursor !== null) this.follow(this.#cursor)
  }

  stop() {
    this.#cursor = null
    clearTimeout(this.#flush)
    this.#close()
  }

  private open() {
    const { api, socket } = openSocket(() => this.listener.signedOut())
    const watching = socket.connectionState.subscribe({
      next: ({ state, error }) => {
        if (state === 'pending') {
          this.connection.opened()
          this.listener.opened()
        }
        if (state === 'connecting') this.connection.lost()
        if (error) this.listener.lost()
      },
    })
    return { api, socket, watching, beside: this.listener.alongside(api) }
  }

  #close() {
    this.#line.watching.unsubscribe()
    this.#line.beside.unsubscribe()
    this.#unsubscribe()
    void this.#line.socket.close()
  }

  #unsubscribe() {
    const subscription = this.#subscription
    this.#subscription = null
    subscription?.unsubscribe()
  }

  #resume() {
    const ended = this.#subscription
    if (ended === null) return
    setTimeout(() => {
      if (this.#subscription === ended && this.#cursor !== null) this.follow(this.#cursor)
    }, 1_000)
  }

  #queue(event: InboxEvent) {
    this.#pending.push(event)
    this.#flush ??= setTimeout(() => this.#apply(), Math.max(FRAME_MS, this.#restsUntil - performance.now()))
  }

  #apply() {
    clearTimeout(this.#flush)
    const events = this.#pending
    this.#pending = []
    this.#flush = undefined
    if (events.length > 0) {
      this.#rest()
      this.listener.apply(events)
    }
    this.#shown()
  }

  #rest() {
    const begunAt = performance.now()
    this.#restsUntil = begunAt + STREAM_MS
    afterPaint(() => {
      const now = performance.now()
      const rest = Math.min(MOST_REST_MS, (now - begunAt) * (1 / SHARE - 1))
      this.#restsUntil = Math.max(this.#restsUntil, now + rest)
    })
  }

  /** Until everything is loaded again, what happened since the last event is not on the page. */
  #resync(scope: ResyncScope) {
    // What came before it must not bring back what it takes away.
    this.#apply()
    const reload = {}
    this.#reload = reload
    this.listener.resync(scope, () => {
      if (this.#reload !== reload) return
      this.#reload = null
      this.#shown()
    })
  }

  #shown() {
    if (this.#reload === null) this.#shownTo = this.#cursor
  }
}
