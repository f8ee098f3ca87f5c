import type { AgentName, ConversationSnapshot, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { picturesOf } from '../media/pictures.ts'
import type { Viewed } from '../media/viewer.svelte.ts'
import type { Inbox } from './inbox.svelte.ts'
import type { Outbox, SendTerms } from './outbox.svelte.ts'
import { bubbleOf, type Outgoing } from './outgoing.ts'
import { type Chunk, chunksOf, firstUnread, incomingOf, messagesOf, threadItems } from './threadItems.ts'
import { type TrailLine, withTrail } from './trailItems.ts'

/** The open conversation: its items, its pages, and what is new in it since it was opened. */
export class Thread {
  #trouble = $state.raw<Trouble | null>(null)
  #isLoadingOlder = $state.raw(false)
  #newFrom = $state.raw<string | null>(null)
  #sentHere = $state.raw(0)
  #state = $derived.by(() => this.inbox.thread(this.id))
  #outgoing = $derived.by(() => this.outbox.of(this.id))
  #bubbles = $derived(this.#outgoing.map((outgoing) => bubbleOf(outgoing, this.agent)))
  #chunks = $derived.by(() => {
    const state = this.#state
    if (!state?.isLoaded) return []
    const items = threadItems(state, this.#bubbles, this.#newFrom)
    const lines = withTrail(items, this.trail(), { fromStart: !state.hasOlder, toEnd: true })
    return chunksOf(lines, state.pageStarts)
  })
  #incoming = $derived(this.#state ? incomingOf(this.#state) : [])

  constructor(
    readonly id: string,
    private readonly inbox: Inbox,
    private readonly outbox: Outbox,
    private readonly agent: AgentName,
    /** What happened beside the messages. */
    private readonly trail: () => readonly TrailLine[] = () => [],
  ) {}

  get conversation(): ConversationSnapshot | undefined {
    return this.inbox.conversation(this.id)
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks
  }

  get isLoaded(): boolean {
    return this.#state?.isLoaded ?? false
  }

  get hasOlder(): boolean {
    return this.#state?.hasOlder ?? false
  }

  /** After a failed try only by hand: scrolling would ask without end. */
  get canLoadOlder(): boolean {
    return this.hasOlder && !this.#isLoadingOlder && this.#trouble === null
  }

  /** It may not be seen, whoever has loaded it last: it came out of reach, or never was in it. */
  get isForbidden(): boolean {
    const reason = this.isLoaded ? null : this.#trouble?.reason
    return this.isWithdrawn || reason === 'NOT_FOUND' || reason === 'BAD_REQUEST'
  }

  /** It could be seen until a moment ago. */
  get isWithdrawn(): boolean {
    return this.inbox.openId === this.id && this.inbox.isOpenWithdrawn
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  /** The customer's messages, oldest first: what is announced, counted and marked as new. */
  get incoming(): readonly MessageSnapshot[] {
    return this.#incoming
  }

  /** What can be looked at in full. */
  get pictures(): readonly Viewed[] {
    return this.#state ? picturesOf(messagesOf(this.#state), this.conversation?.contact) : []
  }

  get newFrom(): string | null {
    return this.#newFrom
  }

  outgoing(clientMessageId: string | null): Outgoing | undefined {
    return this.#outgoing.find((outgoing) => outgoing.clientMessageId === clientMessageId)
  }

  /** Loads the newest page; a thread that was open before is on screen meanwhile. */
  async open(): Promise<void> {
    this.#trouble = null
    const unread = this.inbox.conversation(this.id)?.unreadCount
    try {
      if (!this.isLoaded) await this.inbox.loadThread(this.id)
      const { id, inbox } = this
      const state = inbox.thread(id)
      if (state) this.#newFrom = firstUnread(state, unread ?? inbox.conversation(id)?.unreadCount ?? 0)
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  async loadOlder(): Promise<void> {
    const before = this.#state?.pageStarts[0]
    if (!this.hasOlder || this.#isLoadingOlder || before === undefined) return
    this.#isLoadingOlder = true
    this.#trouble = null
    try {
      await this.inbox.loadThread(this.id, before)
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
    this.#isLoadingOlder = false
  }

  /** Nobody was looking when this came: the line stands above it, unless it stands higher already. */
  markNewFrom(position: string) {
    this.#newFrom ??= position
  }

  seen() {
    if ((this.conversation?.unreadCount ?? 0) > 0) void this.inbox.markRead(this.id)
  }

  /** How many messages were sent since it was opened: after each, the latest is brought into view. */
  get sentHere(): number {
    return this.#sentHere
  }

  wasSent() {
    this.#newFrom = null
    this.#sentHere += 1
  }

  /** A refused message once more; `terms`: what its author has agreed to since. */
  retry(clientMessageId: string, terms: Partial<SendTerms> = {}) {
    this.outbox.retry(clientMessageId, terms)
  }

  discard(clientMessageId: string) {
    this.outbox.remove(clientMessageId)
  }
}
