import type { AgentName, ConversationSnapshot, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { picturesOf } from '../media/pictures.ts'
import type { Viewed } from '../media/viewer.svelte.ts'
import type { Inbox, PageAt } from './inbox.svelte.ts'
import type { Outbox, SendTerms } from './outbox.svelte.ts'
import { bubbleOf, type Outgoing } from './outgoing.ts'
import { END, START } from './spans.ts'
import { firstUnread, incomingOf, type ThreadItem, threadItems } from './threadItems.ts'
import { lateIn, messagesIn, shownSpan } from './threadState.ts'
import { type TrailLine, withTrail } from './trailItems.ts'

/** Where the reader is to be brought: to the item with this key, or to the end of the thread. */
export type Jump = { key: string | null }

/** Which page is on its way: what stands above, what stands below, or a place that was jumped to. */
type Loading = 'older' | 'newer' | 'place'

/** The open conversation: what is shown of it, its pages, and what is new in it since it was opened. */
export class Thread {
  #trouble = $state.raw<Trouble | null>(null)
  #loading = $state.raw<Loading | null>(null)
  #newFrom = $state.raw<string | null>(null)
  #sentHere = $state.raw(0)
  /** Where the reader is: which part of the thread is shown, when more than one is held. */
  #at = $state.raw(END)
  #jump = $state.raw<Jump | null>(null)
  #newerCount = $state.raw<number | null>(null)
  #isShown = $state.raw(false)
  #missed = $state.raw<string | null>(null)
  #seenLate = $state.raw<ReadonlySet<string>>(new Set())
  #state = $derived.by(() => this.inbox.thread(this.id))
  #span = $derived(this.#state && shownSpan(this.#state, this.#at))
  #outgoing = $derived.by(() => this.outbox.of(this.id))
  #bubbles = $derived(this.#outgoing.map((outgoing) => bubbleOf(outgoing, this.agent)))
  #items = $derived.by(() => {
    const [state, span] = [this.#state, this.#span]
    if (!state || !span) return []
    const items = threadItems(state, span, this.#bubbles, this.#newFrom)
    return withTrail(items, this.trail(), { fromStart: span.from === START, toEnd: span.to === END })
  })
  #newest = $derived(this.#state ? messagesIn(this.#state, shownSpan(this.#state, END)) : [])
  #incoming = $derived(incomingOf(this.#newest))
  #late = $derived(this.#state ? lateIn(this.#state, this.#seenLate) : [])

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

  get items(): readonly ThreadItem[] {
    return this.#items
  }

  get isLoaded(): boolean {
    return this.#state?.isLoaded ?? false
  }

  /** It is loaded, and the reader is where they wanted to be. */
  get isShown(): boolean {
    return this.isLoaded && this.#isShown
  }

  get hasOlder(): boolean {
    return this.#span !== undefined && this.#span.from !== START
  }

  /** What is shown does not reach the newest end. */
  get hasNewer(): boolean {
    return this.#span !== undefined && this.#span.to !== END
  }

  /** How many messages stood below what is shown when it was loaded; null: nobody knows. */
  get newerCount(): number | null {
    return this.hasNewer ? this.#newerCount : 0
  }

  /** After a failed try only by hand: scrolling would ask without end. */
  get canLoadOlder(): boolean {
    return this.hasOlder && this.#loading === null && this.#trouble === null
  }

  get canLoadNewer(): boolean {
    return this.hasNewer && this.#loading === null && this.#trouble === null
  }

  get isJumping(): boolean {
    return this.#loading === 'place'
  }

  /** The last jump that was asked for. */
  get jump(): Jump | null {
    return this.#jump
  }

  /** It may not be seen, whoever has loaded it last: it came out of reach, or never was in it. */
  get isForbidden(): boolean {
    const reason = this.isLoaded ? null : this.#trouble?.reason
    return this.isWithdrawn || this.isErased || reason === 'NOT_FOUND' || reason === 'BAD_REQUEST'
  }

  /** It could be seen until a moment ago. */
  get isWithdrawn(): boolean {
    return this.inbox.openId === this.id && this.inbox.isOpenWithdrawn
  }

  /** Its contact was erased while it was open here. */
  get isErased(): boolean {
    return this.inbox.openId === this.id && this.inbox.isOpenErased
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  /** The customer's newest messages, oldest first: what is announced, counted and marked as new. */
  get incoming(): readonly MessageSnapshot[] {
    return this.#incoming
  }

  /** What can be looked at in full, of what is shown. */
  get pictures(): readonly Viewed[] {
    return this.#state ? picturesOf(messagesIn(this.#state, this.#span), this.conversation?.contact) : []
  }

  /** Ids of what came long after it was sent, and was not in view yet; in thread order. */
  get late(): readonly string[] {
    return this.#late
  }

  /** Why the last jump led nowhere. */
  get missed(): string | null {
    return this.#missed
  }

  forgetMissed() {
    this.#missed = null
  }

  get newFrom(): string | null {
    return this.#newFrom
  }

  outgoing(clientMessageId: string | null): Outgoing | undefined {
    return this.#outgoing.find((outgoing) => outgoing.clientMessageId === clientMessageId)
  }

  /**
   * Loads the newest page; a thread that was open before is on screen meanwhile. `place`: a message to go to. It is asked for at
   * the same time, so that the first thing to be seen is where one wanted to be.
   */
  async open(place: string | null = null): Promise<void> {
    this.#trouble = null
    const unread = this.inbox.conversation(this.id)?.unreadCount
    // Without waiting for anything, so that nothing else is drawn first.
    if (place === null && this.isLoaded) return this.#show(unread)
    const goes = place === null ? Promise.resolve() : this.goTo(place)
    try {
      if (!this.isLoaded) await this.inbox.loadThread(this.id)
      await goes
      this.#show(unread)
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  async loadOlder(): Promise<void> {
    const before = this.#span?.from
    if (before !== undefined && this.canLoadOlder) await this.#load('older', { before })
  }

  async loadNewer(): Promise<void> {
    const after = this.#span?.to
    if (after !== undefined && this.canLoadNewer) await this.#load('newer', { after })
  }

  /** What could not be loaded, once more. */
  async tryAgain(): Promise<void> {
    this.#trouble = null
    await this.loadOlder()
  }

  /** Brings a message into view, from however far away: by its id, its wamid, or the first one from a moment on. */
  async goTo(place: string): Promise<void> {
    this.#missed = null
    const held = this.#find(place)
    if (held) return this.#arrive(held)
    this.#loading = 'place'
    try {
      const page = await this.inbox.loadThread(this.id, { around: place })
      this.#newerCount = page.newerCount
      const anchor = page.messages.find(({ id }) => id === page.anchorId)
      if (anchor) this.#arrive(anchor)
      else this.goToLatest()
    } catch (error) {
      this.#missed = missedInWords(troubleOf(error))
    } finally {
      this.#loading = null
    }
  }

  /** To the first message that came late and was not seen. */
  async goToLate(): Promise<void> {
    const [id] = this.#late
    if (id !== undefined) await this.goTo(id)
  }

  sawLate(ids: readonly string[]) {
    if (ids.length > 0) this.#seenLate = new Set([...this.#seenLate, ...ids])
  }

  goToLatest() {
    this.#at = END
    this.#jump = { key: null }
  }

  /** Where the reader has got to, by the position of what is in view. What is far from there is forgotten. */
  reads(position: string) {
    // The place that was asked for may have come, and nobody is there yet.
    if (this.#loading === 'place') return
    if (this.#span?.to === END && position === END) this.#at = END
    else this.#at = position
    this.inbox.trimThread(this.id, this.#at)
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
    this.goToLatest()
  }

  /** A refused message once more; `terms`: what its author has agreed to since. */
  retry(clientMessageId: string, terms: Partial<SendTerms> = {}) {
    this.outbox.retry(clientMessageId, terms)
  }

  discard(clientMessageId: string) {
    this.outbox.remove(clientMessageId)
  }

  #show(unread: number | undefined) {
    const count = unread ?? this.inbox.conversation(this.id)?.unreadCount ?? 0
    this.#newFrom ??= firstUnread(this.#newest, count - this.#late.length)
    this.#isShown = true
  }

  async #load(loading: 'older' | 'newer', at: PageAt) {
    this.#loading = loading
    this.#trouble = null
    try {
      const page = await this.inbox.loadThread(this.id, at)
      if (loading === 'newer') this.#newerCount = page.newerCount
    } catch (error) {
      this.#trouble = troubleOf(error)
    } finally {
      this.#loading = null
    }
  }

  /** A message that is in a part of the thread that can be shown; of those, the uppermost waits for what stands above it. */
  #find(place: string): MessageSnapshot | undefined {
    const state = this.#state
    return state?.spans
      .flatMap((span) => messagesIn(state, span).slice(span.from === START ? 0 : 1))
      .find(({ id, wamid }) => id === place || wamid === place)
  }

  #arrive(message: MessageSnapshot) {
    this.#at = message.position
    this.#jump = { key: message.clientMessageId ?? message.id }
  }
}

function missedInWords({ reason, message }: Trouble): string {
  if (reason === 'NOT_FOUND') return 'That message is not in this conversation.'
  return `That place could not be loaded. ${message}`
}
