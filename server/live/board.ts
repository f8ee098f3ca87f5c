import type { Logger } from 'pino'
import type { Change, Follower } from './follower.ts'
import type { LiveMessage } from './liveMessage.ts'
import type { LockStore } from './lockStore.ts'
import { Picture } from './picture.ts'
import type { PresenceItem } from './presenceItem.ts'
import type { TabStore } from './tabStore.ts'
import type { LiveWire } from './wire.ts'

export type BoardParts = {
  wire: LiveWire
  lockStore: LockStore
  tabStore: TabStore
  /** Told of a tab whose socket broke somewhere, and which has so long left: here it may have another one. */
  onTabEnding(workspaceId: string, tabKey: string, leftMs: number): void
  log: Logger
}

/** An end without a word (of a lock, a tab, typing) is told this much later than it is due, at most. */
const LOOK_EVERY_MS = 200
/** What the wire did not carry is found by looking at everything. */
const LOOK_AT_ALL_EVERY_MS = 30_000

/**
 * What is soft in one workspace, for all who follow it in this process: one subscription and one picture. It hears what every
 * process announces; what ends without a word it looks up in Redis when its time is over here, and then tells.
 */
export class Board {
  readonly #workspaceId: string
  readonly #parts: BoardParts
  readonly #picture = new Picture()
  readonly #followers = new Set<Follower>()
  readonly #unlisten: () => void
  readonly #clock: Timer
  readonly #known = Promise.withResolvers<void>()
  #lookedAtAllAtMs = Number.NEGATIVE_INFINITY
  /** What was heard of since the present look began: it is newer than the answer. Null between looks. */
  #heardOf: Set<string> | null = null

  constructor(workspaceId: string, parts: BoardParts) {
    this.#workspaceId = workspaceId
    this.#parts = parts
    this.#unlisten = parts.wire.listen(workspaceId, {
      hear: (message) => this.#hear(message),
      connected: () => {
        this.#lookedAtAllAtMs = Number.NEGATIVE_INFINITY
      },
    })
    this.#clock = setInterval(() => void this.#look(), LOOK_EVERY_MS)
    this.#clock.unref()
    void this.#look()
  }

  /** Resolves when the board has seen everything once. */
  get whenKnown(): Promise<void> {
    return this.#known.promise
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0
  }

  join(follower: Follower): void {
    this.#followers.add(follower)
  }

  part(follower: Follower): void {
    this.#followers.delete(follower)
  }

  close(): void {
    clearInterval(this.#clock)
    this.#unlisten()
  }

  /** The conversation that the tab shows, as far as is known here. */
  shownBy(tabKey: string): string | null {
    return this.#picture.shownBy(tabKey)
  }

  /** The conversations of which something is known, with their channels. */
  places(): { conversationId: string; channelId: string }[] {
    return this.#picture.places()
  }

  state(conversationIds: ReadonlySet<string>): PresenceItem {
    return this.#picture.state(conversationIds)
  }

  #hear(message: LiveMessage): void {
    for (const id of message.t === 'renewed' ? message.ids : [message.id]) this.#heardOf?.add(id)
    if (message.t === 'tabEnds' && message.ms > 0) {
      this.#parts.onTabEnding(this.#workspaceId, message.id, message.ms)
    }
    this.#tell(this.#picture.hear(message, Date.now()))
  }

  #tell(changes: readonly Change[]): void {
    for (const change of changes) {
      for (const follower of this.#followers) {
        if (change.toAgentId && change.toAgentId !== follower.agentId) continue
        if (change.toViewersOf && change.toViewersOf !== this.#picture.shownBy(follower.tabKey)) continue
        follower.note(change)
      }
    }
  }

  async #look(): Promise<void> {
    this.#tell(this.#picture.endTyping(Date.now()))
    if (this.#heardOf) return
    const isAll = performance.now() - this.#lookedAtAllAtMs > LOOK_AT_ALL_EVERY_MS
    const due = this.#picture.due(Date.now())
    if (!isAll && due.conversationIds.length === 0 && due.tabKeys.length === 0) return
    const heardOf = new Set<string>()
    this.#heardOf = heardOf
    const atMs = performance.now()
    try {
      if (isAll) this.#lookedAtAllAtMs = atMs
      const asked = isAll ? this.#picture.known() : due
      const { lockStore, tabStore } = this.#parts
      const [locks, tabs] = await Promise.all([
        isAll ? lockStore.list(this.#workspaceId) : lockStore.read(this.#workspaceId, asked.conversationIds),
        isAll || asked.tabKeys.length > 0 ? tabStore.read(this.#workspaceId, isAll ? [] : asked.tabKeys) : [],
      ])
      const isNews = (id: string) => !heardOf.has(id)
      const held = locks.filter((lock) => lock !== null)
      this.#tell(
        this.#picture.lookedUpLocks(
          asked.conversationIds.filter(isNews),
          held.filter((lock) => isNews(lock.conversationId)),
          Date.now(),
        ),
      )
      this.#tell(
        this.#picture.lookedUpTabs(
          asked.tabKeys.filter(isNews),
          tabs.filter((tab) => isNews(tab.key)),
          Date.now(),
        ),
      )
      this.#known.resolve()
    } catch (err) {
      if (isAll) this.#lookedAtAllAtMs = Number.NEGATIVE_INFINITY
      this.#parts.log.debug({ err }, 'what is soft can not be looked up; trying again')
    } finally {
      this.#heardOf = null
    }
  }
}
