import type { inferRouterOutputs } from '@trpc/server'
import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type {
  ChannelSnapshot,
  ConversationSnapshot,
  MessageSnapshot,
} from '../../../../server/inbox/snapshot.ts'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { isPassing, troubleOf } from '../api/refusal.ts'
import { List, type ListPage } from '../list/list.svelte.ts'
import type { ListQuery } from '../list/listQuery.ts'
import {
  applyAll,
  emptyInbox,
  type InboxState,
  withChannelList,
  withChannels,
  withConversation,
  withExpected,
  withOpened,
  withoutFar,
  withPage,
  withRows,
  withSent,
} from './apply.ts'
import { Clock } from './clock.svelte.ts'
import { bringsMention, withMentioned } from './mentions.ts'
import { END } from './spans.ts'
import type { ThreadState } from './threadState.ts'
import { ROOMY } from './trimThread.ts'
import type { Counts } from './views.ts'
import { withoutChannels } from './withoutChannels.ts'

const THREAD_PAGE_SIZE = 60
const THREADS_KEPT = 12
const RECOUNT_MS = 3_000
const RELOAD_AGAIN_MS = 2_000

/** Where a page of a thread begins or ends, or which place it is around: a position, an id, a wamid or a moment. */
export type PageAt = { before?: string; after?: string; around?: string }
export type ThreadPage = inferRouterOutputs<AppRouter>['messages']['list']

/**
 * What this tab knows of the inbox: conversations, the threads that were opened, counts. One map of conversations serves
 * every list; a list is a rule plus how far down it was loaded, so a change moves a row between views at once.
 */
export class Inbox {
  #state = $state.raw<InboxState>(emptyInbox(''))
  #openId = $state.raw<string | null>(null)
  #withdrawnId = $state.raw<string | null>(null)
  #erasedId = $state.raw<string | null>(null)
  #reader = $derived.by(() => ({ agentId: this.agentId, mentionedIds: this.#state.mentionedIds }))
  readonly list: List
  /** The feed goes on from where the list was read, so a thread is read after it: nothing falls between the two. */
  #firstLoad = Promise.withResolvers<void>()
  #isFollowed = false
  /** By thread: pages that were asked for. Until they are here, nothing that was said meanwhile may be forgotten. */
  #pagesOnTheWay = new Map<string, number>()
  /** Events that arrive while everything is loaded again: what is loaded may have been read before them. */
  #whileReloading: InboxEvent[] | null = null
  #recount: ReturnType<typeof setTimeout> | undefined
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly api: Api,
    readonly agentId: string,
    clock: { readonly now: number } = new Clock(),
  ) {
    this.#state = emptyInbox(agentId)
    this.list = new List(api, {
      reader: () => this.#reader,
      conversations: () => this.#state.conversations,
      openId: () => this.#openId,
      now: () => clock.now,
      took: (page, query) => {
        this.#state = withListPage(this.#state, page, query)
      },
    })
  }

  /** Those of the list, as it is shown. */
  get rows(): readonly ConversationSnapshot[] {
    return this.list.rows
  }

  get counts(): Counts | null {
    return this.#state.counts
  }

  get openId(): string | null {
    return this.#openId
  }

  /** The open conversation fell out of the agent's reach while it was open. */
  get isOpenWithdrawn(): boolean {
    return this.#withdrawnId !== null && this.#withdrawnId === this.#openId
  }

  /** The open conversation was erased with its contact while it was open. */
  get isOpenErased(): boolean {
    return this.#erasedId !== null && this.#erasedId === this.#openId
  }

  get channels(): ReadonlyMap<string, ChannelSnapshot> {
    return this.#state.channels
  }

  conversation(id: string): ConversationSnapshot | undefined {
    return this.#state.conversations.get(id)
  }

  thread(id: string): ThreadState | undefined {
    return this.#state.threads.get(id)
  }

  /** Loads the first page and answers with the cursor to follow the feed from; null when that failed. */
  async load(): Promise<string | null> {
    const page = await this.list.load()
    const isFirst = !this.#isFollowed
    this.#isFollowed = page !== null
    this.#firstLoad.resolve()
    // A thread that was read without a cursor may lack what came between the two.
    if (page && isFirst && this.#openId !== null) void this.loadThread(this.#openId).catch(() => {})
    return page?.cursor ?? null
  }

  /** Follows this conversation's thread; null: none is open. */
  setOpen(id: string | null) {
    this.#openId = id
    if (id !== null) this.#state = withOpened(this.#state, id, THREADS_KEPT)
    void this.#firstLoad.promise.then(() => this.looked())
  }

  /** Notes that mention the agent are read when their conversation is open before their eyes. */
  looked() {
    if ((this.counts?.mentions ?? 0) > 0) this.#readMentions()
  }

  /** A page of a thread: its newest end, or what `at` asks for. Throws what the server or the network threw. */
  async loadThread(id: string, at: PageAt = {}): Promise<ThreadPage> {
    await this.#firstLoad.promise
    this.#pagesOnTheWay.set(id, this.#onTheWay(id) + 1)
    try {
      const [page, conversation] = await Promise.all([
        this.api.messages.list.query({ conversationId: id, limit: THREAD_PAGE_SIZE, ...at }),
        this.conversation(id) ? null : this.api.conversations.get.query({ conversationId: id }),
      ])
      if (conversation) this.hold(conversation)
      this.#state = withPage(this.#state, id, page, at)
      if (this.#withdrawnId === id) this.#withdrawnId = null
      return page
    } finally {
      this.#pagesOnTheWay.set(id, this.#onTheWay(id) - 1)
    }
  }

  /** Forgets what is far from the reader of a thread, who is at the position `at`, when the thread has grown large. */
  trimThread(id: string, at: string) {
    const size = this.thread(id)?.messages.size ?? 0
    if (size > ROOMY && this.#onTheWay(id) === 0) this.#state = withoutFar(this.#state, id, at)
  }

  async markRead(id: string): Promise<void> {
    try {
      this.hold((await this.api.conversations.markRead.mutate({ conversationId: id })).conversation)
    } catch (error) {
      // It stays unread, which is true, and is tried again with the next message or visit.
      if (!isPassing(error)) console.warn('could not mark as read', troubleOf(error))
    }
  }

  /** Reads one that this tab may not hold yet; says nothing when it may not be seen. */
  async know(id: string): Promise<void> {
    if (this.conversation(id)) return
    const conversation = await this.api.conversations.get.query({ conversationId: id }).catch(() => null)
    if (conversation) this.hold(conversation)
  }

  /** What the server answered to this tab. */
  hold(conversation: ConversationSnapshot) {
    this.#state = withConversation(this.#state, conversation)
    this.list.order.acted(conversation.id)
  }

  /** Shows it as it will be; the server's next word on it stands above this. */
  expect(conversation: ConversationSnapshot) {
    this.#state = withExpected(this.#state, conversation)
    this.list.order.acted(conversation.id)
  }

  holdChannels(channels: readonly ChannelSnapshot[]) {
    this.#state = withChannels(this.#state, channels)
  }

  /** All that `channels.list` answered; `known` were held when it was asked. */
  listChannels(channels: readonly ChannelSnapshot[], known: Iterable<string>) {
    this.#state = withChannelList(this.#state, channels, known)
  }

  holdMessage(message: MessageSnapshot) {
    this.#state = withSent(this.#state, message)
  }

  applyEvents(events: readonly InboxEvent[]) {
    this.#whileReloading?.push(...events)
    this.#state = applyAll(this.#state, events)
    for (const event of events)
      if (event.type === 'conversation.erased' && event.conversationId === this.#openId)
        this.#erasedId = event.conversationId
    for (const id of this.#state.threads.keys()) if (id !== this.#openId) this.trimThread(id, END)
    if (this.#openId !== null && bringsMention(events, this.#openId, this.agentId)) this.#readMentions()
    if (this.#state.areCountsStale) this.#recount ??= setTimeout(() => this.#count(), RECOUNT_MS)
  }

  /** Nothing of these channels is shown until it is loaded again; those that fell out of reach never are. */
  dropChannels(channelIds: readonly string[]) {
    const open = this.#openId === null ? undefined : this.conversation(this.#openId)
    if (open && channelIds.includes(open.channelId)) this.#withdrawnId = open.id
    this.#state = withoutChannels(this.#state, channelIds)
  }

  /** What is held can not be continued. It stays on screen until the new rows are here, then gives way to them. */
  async reload(done: () => void = () => {}): Promise<void> {
    const missed: InboxEvent[] = []
    this.#whileReloading = missed
    const read = await this.list.readAgain()
    // A later call took over; it reads rows that are newer.
    if (this.#whileReloading !== missed) return
    if (read === null) {
      this.#again = setTimeout(() => void this.reload(done), RELOAD_AGAIN_MS)
      return
    }
    this.#whileReloading = null
    const { channels, mentionedIds } = this.#state
    const fresh = withListPage({ ...emptyInbox(this.agentId), channels, mentionedIds }, read.page, read.query)
    this.#state = applyAll(
      this.#openId === null ? fresh : withOpened(fresh, this.#openId, THREADS_KEPT),
      missed,
    )
    read.begin()
    if (this.#openId !== null) await this.loadThread(this.#openId).catch(() => {})
    done()
  }

  #onTheWay(id: string): number {
    return this.#pagesOnTheWay.get(id) ?? 0
  }

  stop() {
    clearTimeout(this.#recount)
    clearTimeout(this.#again)
  }

  #readMentions() {
    if (this.#openId === null || document.hidden) return
    // When that fails they stay unread, which is seen, and the next visit tries again.
    void this.api.notes.markRead.mutate({ conversationId: this.#openId }).catch(() => {})
  }

  async #count() {
    const answer = await this.api.conversations.list.query({ view: 'all', limit: 1 }).catch(() => null)
    this.#recount = undefined
    if (answer) this.#state = withRows(this.#state, [], answer.counts)
  }
}

function withListPage(state: InboxState, { conversations, counts }: ListPage, { view }: ListQuery) {
  const next = withRows(state, conversations, counts)
  return view === 'mentions'
    ? withMentioned(
        next,
        conversations.map(({ id }) => id),
      )
    : next
}
