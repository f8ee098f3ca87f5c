import type { inferRouterOutputs } from '@trpc/server'
import { createContext } from 'svelte'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import { type Api, createApi } from '../api/client.ts'
import { onSignedOutElsewhere } from '../api/session.ts'
import { ApiKeys } from '../apiKeys/apiKeys.svelte.ts'
import { DeadLetters } from '../deadLetters/deadLetters.svelte.ts'
import { Connection } from '../live/connection.svelte.ts'
import { Feed } from '../live/feed.ts'
import { Clock } from './clock.svelte.ts'
import { Drafts, isDraftTexts } from './drafts.svelte.ts'
import { Inbox } from './inbox.svelte.ts'
import { keptIn } from './kept.ts'
import { Outbox } from './outbox.svelte.ts'
import { isOutgoingList } from './outgoing.ts'
import { Thread } from './thread.svelte.ts'

export type Me = inferRouterOutputs<AppRouter>['auth']['me']

const ASK_AGAIN_MS = 10_000

/** A signed-in agent's tab: its stores, and the line that keeps them current. Made by the inbox layout, ended with it. */
export class Session {
  readonly api: Api
  readonly clock = new Clock()
  readonly connection = new Connection()
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly drafts: Drafts
  /** Null for who may not see them. */
  readonly deadLetters: DeadLetters | null
  /** Null likewise. */
  readonly apiKeys: ApiKeys | null
  #feed: Feed | null = null
  #askedAt = 0
  #unhear = () => {}

  constructor(
    readonly me: Me,
    private readonly signedOut: () => void,
  ) {
    this.api = createApi(signedOut)
    this.inbox = new Inbox(this.api, me.agent.id)
    // By agent: another one who signs in on this tab neither sees nor sends what is left here.
    this.drafts = new Drafts(keptIn(sessionStorage, `baton:drafts:${me.agent.id}`, isDraftTexts))
    this.outbox = new Outbox(
      this.api,
      keptIn(sessionStorage, `baton:outbox:${me.agent.id}`, isOutgoingList),
      (message) => this.inbox.holdMessage(message),
    )
    this.deadLetters = me.agent.role === 'administrator' ? new DeadLetters(this.api) : null
    this.apiKeys = me.agent.role === 'administrator' ? new ApiKeys(this.api) : null
  }

  async start() {
    this.#feed = new Feed(this.connection, {
      apply: (events) => this.inbox.applyEvents(events),
      opened: () => {
        if (this.inbox.trouble) void this.load()
      },
      resync: () => void this.inbox.reload(),
      lost: () => void this.#askWhoIAm(),
      signedOut: this.signedOut,
    })
    this.#unhear = onSignedOutElsewhere(this.signedOut)
    this.outbox.start()
    this.deadLetters?.start()
    await this.load()
  }

  /** The list, then the feed from where the list was read. */
  async load() {
    const cursor = await this.inbox.load()
    if (cursor !== null) this.#feed?.follow(cursor)
  }

  thread(conversationId: string): Thread {
    return new Thread(conversationId, this.inbox, this.outbox, this.me.agent)
  }

  channelName(channelId: string): string {
    return this.me.channels.find((channel) => channel.id === channelId)?.name ?? ''
  }

  deviceWentOffline() {
    this.connection.deviceWentOffline()
  }

  deviceCameOnline() {
    this.connection.deviceCameOnline()
    this.retryNow()
  }

  retryNow() {
    this.#feed?.reopen()
    this.outbox.hurry()
    if (this.inbox.trouble) void this.load()
  }

  stop() {
    this.#unhear()
    this.#feed?.stop()
    this.connection.stop()
    this.outbox.stop()
    this.deadLetters?.stop()
    this.inbox.stop()
  }

  /** A refused socket looks like a lost one; asked over HTTP, the server says which. */
  async #askWhoIAm() {
    if (Date.now() - this.#askedAt < ASK_AGAIN_MS) return
    this.#askedAt = Date.now()
    await this.api.auth.me.query().catch(() => null)
  }
}

export const [useSession, provideSession] = createContext<Session>()
