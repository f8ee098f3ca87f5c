import type { inferRouterOutputs } from '@trpc/server'
import { createContext } from 'svelte'
import type { PresenceItem } from '../../../../server/live/presenceItem.ts'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import { Surface } from '../acts/surface.svelte.ts'
import { type Api, createApi } from '../api/client.ts'
import { onSignedOutElsewhere } from '../api/session.ts'
import { ApiKeys } from '../apiKeys/apiKeys.svelte.ts'
import { afterPaint } from '../app/afterPaint.ts'
import { forgetAgent } from '../app/forgetAgent.ts'
import { Opening } from '../app/opening.svelte.ts'
import { CannedReplies } from '../composing/cannedReplies.svelte.ts'
import { draftStoreIn } from '../composing/draftStore.ts'
import { ScheduledMessages } from '../composing/scheduled.svelte.ts'
import { Contacts } from '../contact/contacts.svelte.ts'
import { DeadLetters } from '../deadLetters/deadLetters.svelte.ts'
import { EmojiBook } from '../emoji/emojiBook.svelte.ts'
import { EmojiChoice } from '../emoji/emojiChoice.svelte.ts'
import { areSavedViews, SavedViews } from '../list/savedViews.svelte.ts'
import { type Attendance, attendance } from '../live/attendance.ts'
import { Baton } from '../live/baton.svelte.ts'
import { Connection } from '../live/connection.svelte.ts'
import { Feed } from '../live/feed.ts'
import { lockCalls } from '../live/lockCalls.ts'
import { Presence } from '../live/presence.svelte.ts'
import { type Sight, sightOf } from '../live/sight.ts'
import { tabIdOf } from '../live/tab.ts'
import { type TypingSignal, typingSignal } from '../live/typingSignal.ts'
import { Announcer } from '../news/announcer.ts'
import { Preferences } from '../preferences.svelte.ts'
import { Search } from '../search/search.svelte.ts'
import { Templates } from '../templates/templates.svelte.ts'
import { Toasts } from '../toasts.svelte.ts'
import { Troubles } from '../troubles/troubles.svelte.ts'
import { Channels } from './channels.svelte.ts'
import { Clock } from './clock.svelte.ts'
import { Compositions } from './compositions.ts'
import { Drafts } from './drafts.svelte.ts'
import { Erased } from './erased.ts'
import { Inbox } from './inbox.svelte.ts'
import { Joins } from './joins.ts'
import { keptIn } from './kept.ts'
import { KeptHeights } from './keptHeights.ts'
import { Labels } from './labels.svelte.ts'
import { MessageActs } from './messageActs.svelte.ts'
import { newMessages } from './newMessages.ts'
import { isOfferedByConversation, OfferedDrafts } from './offeredDrafts.svelte.ts'
import { Outbox } from './outbox.svelte.ts'
import { ContactPanelState } from './panel.svelte.ts'
import { People } from './people.svelte.ts'
import type { Replying } from './replying.svelte.ts'
import { Thread } from './thread.svelte.ts'
import { trailInWords } from './trailInWords.ts'
import type { TrailLine } from './trailItems.ts'
import { Trails } from './trails.svelte.ts'
import { Work } from './work.svelte.ts'

export type Me = inferRouterOutputs<AppRouter>['auth']['me']

const ASK_AGAIN_MS = 10_000
const HITS_AT_ONCE = 20

/** A signed-in agent's tab: its stores, and the line that keeps them current. Made by the inbox layout, ended with it. */
export class Session {
  readonly api: Api
  readonly clock = new Clock()
  /** For what counts seconds. */
  readonly seconds = new Clock(1_000)
  readonly connection = new Connection()
  readonly preferences = new Preferences()
  readonly surface = new Surface()
  readonly opening = new Opening()
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly drafts: Drafts
  readonly compositions = new Compositions()
  readonly rowHeights = new KeptHeights()
  readonly acts: MessageActs
  readonly channels: Channels
  readonly toasts = new Toasts()
  readonly labels: Labels
  readonly people: People
  readonly work: Work
  readonly trails: Trails
  readonly contacts: Contacts
  readonly joins: Joins
  /** The contact beside the thread. */
  readonly panel = new ContactPanelState()
  readonly troubles: Troubles
  readonly templates: Templates
  /** Lists that the agent gave a name. */
  readonly savedViews: SavedViews
  /** Of the search page: a step back from a hit finds what was found. */
  readonly search: Search
  readonly news: Announcer
  readonly cannedReplies: CannedReplies
  readonly scheduled: ScheduledMessages
  readonly emoji = new EmojiBook()
  readonly emojiChoice = new EmojiChoice(localStorage)
  readonly offeredDrafts: OfferedDrafts
  readonly presence: Presence
  readonly baton: Baton
  readonly attendance: Attendance
  readonly typing: TypingSignal
  readonly sight: Sight
  /** Where an answer is being written. */
  #replying: Replying | null = null
  readonly #erased: Erased
  readonly #tabId = tabIdOf(sessionStorage)
  /** Null for who may not see them. */
  readonly deadLetters: DeadLetters | null
  /** Null likewise. */
  readonly apiKeys: ApiKeys | null
  #feed: Feed | null = null
  #isFollowing = false
  #askedAt = 0
  #unhear = () => {}
  #leaveAsking = () => {}

  #me: Me

  constructor(
    me: Me,
    private readonly signedOut: () => void,
  ) {
    this.#me = $state.raw(me)
    this.api = createApi(signedOut)
    this.inbox = new Inbox(this.api, me.agent.id, this.clock)
    // By agent: another one who signs in on this tab neither sees nor sends what is left here.
    this.drafts = new Drafts(this.api.drafts, draftStoreIn(localStorage, me.agent.id, window))
    this.offeredDrafts = new OfferedDrafts(
      keptIn(sessionStorage, `baton:offered:${me.agent.id}`, isOfferedByConversation),
    )
    this.labels = new Labels(this.api)
    this.people = new People(this.api)
    this.work = new Work(this.api, this.inbox, this)
    this.trails = new Trails(this.api)
    this.contacts = new Contacts(this.api, this.toasts)
    this.joins = new Joins(this.api, { inbox: this.inbox, opens: (id) => this.work.opens(id) })
    this.channels = new Channels(this.api, this.inbox, me.may['channels.manage'], this.people)
    this.troubles = new Troubles(this.api)
    this.acts = new MessageActs(this.api, (message) => {
      this.inbox.holdMessage(message)
      this.troubles.hold(message)
    })
    this.templates = new Templates(this.api)
    this.savedViews = new SavedViews(keptIn(localStorage, `baton:views:${me.agent.id}`, areSavedViews))
    this.search = new Search(this.api, HITS_AT_ONCE)
    this.news = new Announcer(me.agent.id, {
      preferences: this.preferences,
      isCatchingUp: () => this.connection.banner !== null,
      go: (path) => this.surface.go(path),
    })
    this.cannedReplies = new CannedReplies(this.api)
    this.scheduled = new ScheduledMessages(this.api)
    this.presence = new Presence(me.agent.id)
    this.baton = new Baton(lockCalls(this.api, this.#tabId), this.presence, me.agent)
    this.attendance = attendance(this.api, this.#tabId)
    this.typing = typingSignal(this.api, this.#tabId)
    this.sight = sightOf(me.agent.id, () => this.#feed?.shownTo ?? null)
    this.outbox = new Outbox(this.api, me.agent.id, {
      accepted: (message) => this.inbox.holdMessage(message),
      refused: (message, isAlone) => this.#replying?.refused(message, isAlone) ?? false,
      lockOf: (conversationId) => this.baton.fenceOf(conversationId),
      lapsed: (conversationId) => this.baton.keeper.lapsed(conversationId),
    })
    this.#erased = new Erased([
      ...[this.drafts, this.outbox, this.offeredDrafts],
      ...[this.troubles, this.search, this.scheduled],
    ])
    this.deadLetters = me.may['deadLetters.manage'] ? new DeadLetters(this.api) : null
    this.apiKeys = me.may['apiKeys.manage'] ? new ApiKeys(this.api) : null
  }

  get me(): Me {
    return this.#me
  }

  async start() {
    this.#feed = new Feed(this.connection, reachOf(this.me), {
      apply: (events) => {
        this.connection.received(newMessages(events, this.me.agent.id))
        this.sight.arrives(events)
        this.inbox.applyEvents(events)
        this.troubles.hear(events)
        this.news.hear(events)
        this.labels.hear(events)
        this.trails.hear(events)
        this.contacts.hear(events)
        this.joins.hear(events)
        this.#erased.hear(events)
        this.cannedReplies.hear(events)
        this.scheduled.hear(events)
        if (events.some((event) => event.type === 'people.changed')) this.#peopleChanged()
      },
      opened: () => {
        this.outbox.hurry()
        void this.drafts.load()
        if (this.inbox.list.trouble) void this.load()
      },
      resync: (scope, done) => {
        if (scope !== 'all') this.#reachChanged(scope.channelIds)
        void this.inbox.reload(done)
        this.#loadBeside()
      },
      lost: () => {
        this.presence.lost()
        void this.#askWhoIAm()
      },
      signedOut: this.signedOut,
      alongside: (api) =>
        api.live.presence.subscribe({ tabId: this.#tabId }, { onData: (item) => this.#hear(item) }),
    })
    this.#unhear = onSignedOutElsewhere(() => void this.forget().then(this.signedOut))
    if (!navigator.onLine) this.deviceWentOffline()
    void this.outbox.start()
    this.attendance.start()
    this.news.start()
    this.deadLetters?.start()
    await this.load()
  }

  /** The list, then the feed from where the list was read. */
  async load() {
    const cursor = await this.inbox.load()
    if (cursor === null) return
    // Only the first time: a later page is newer than what the feed has told of the other lists.
    if (!this.#isFollowing) this.#feed?.follow(cursor)
    this.#isFollowing = true
    this.#loadBeside()
  }

  thread(conversationId: string): Thread {
    return new Thread(conversationId, this.inbox, this.outbox, this.me.agent, () =>
      this.trailOf(conversationId),
    )
  }

  /** The lines of what was done with a conversation, oldest first. */
  trailOf(conversationId: string): TrailLine[] {
    const names = {
      agentName: (id: string) => this.people.agentName(id),
      teamName: (id: string) => this.people.teamName(id),
      labelName: (id: string) => this.labels.get(id)?.name ?? null,
    }
    return this.trails.of(conversationId).flatMap((entry) => {
      const words = trailInWords(entry, names)
      return words === null ? [] : [{ id: entry.id, words, createdAt: entry.createdAt }]
    })
  }

  /** The conversation that this tab shows now; null: none. */
  shows(conversationId: string | null) {
    this.inbox.setOpen(conversationId)
    this.sight.opened(conversationId)
    this.news.shows(conversationId)
    // Nobody waits for requests: first it comes on the screen.
    this.#leaveAsking()
    this.#leaveAsking = afterPaint(() => {
      this.attendance.shows(conversationId)
      if (conversationId !== null) void this.drafts.refresh(conversationId)
    })
  }

  get replying(): Replying | null {
    return this.#replying
  }

  /** What is written from now on is written there. */
  writes(replying: Replying) {
    this.#replying = replying
  }

  /** The page was hidden or shown. */
  looked() {
    this.sight.looked()
    this.inbox.looked()
    this.attendance.looked()
    this.news.looked()
    if (document.hidden) this.drafts.hurry()
    else void this.drafts.load()
  }

  pageHides() {
    this.attendance.goes()
    this.baton.pageHides(this.#tabId)
  }

  channelName(channelId: string): string {
    return this.me.channels.find((channel) => channel.id === channelId)?.name ?? ''
  }

  /** Who signs out leaves nothing on the device: no draft, no message that waits. */
  async forget(): Promise<void> {
    this.drafts.clear()
    this.offeredDrafts.clear()
    await this.outbox.clear()
    forgetAgent(this.me.agent.id)
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
    if (this.inbox.list.trouble) void this.load()
  }

  stop() {
    this.#unhear()
    this.#leaveAsking()
    this.#feed?.stop()
    this.connection.stop()
    this.outbox.stop()
    this.attendance.stop()
    this.typing.end()
    this.baton.keeper.stop()
    this.deadLetters?.stop()
    this.troubles.stop()
    this.toasts.stop()
    this.trails.stop()
    this.contacts.stop()
    this.drafts.stop()
    this.inbox.stop()
    this.search.stop()
    this.news.stop()
  }

  /** What stands beside the list; the feed keeps it current. */
  #loadBeside() {
    void this.channels.load()
    void this.troubles.count()
    void this.labels.load()
    void this.people.load()
    this.trails.reload()
  }

  #hear(item: PresenceItem) {
    this.presence.hear(item)
    this.baton.keeper.hear(item)
    // It comes first on each new socket, and the presence of this tab ended with the one before.
    if (item.type === 'state') this.attendance.say()
    if (item.type === 'draft')
      this.offeredDrafts.add(item.conversationId, { text: item.text, from: item.from })
  }

  /** What fell out of reach vanishes at once; the rest is loaded anew. */
  #reachChanged(channelIds: string[]) {
    this.inbox.dropChannels(channelIds)
    this.troubles.dropChannels(channelIds)
    void this.#learnReach()
  }

  /** Names, teams and what this agent may: all of it can be another than before. */
  #peopleChanged() {
    void this.people.load()
    void this.#learnReach()
  }

  /** When that fails, the server says it again to the next socket. */
  async #learnReach() {
    const me = await this.api.auth.me.query().catch(() => null)
    if (me === null) return
    const isOther = me.reachMark !== this.#me.reachMark
    this.#me = me
    if (isOther) this.#feed?.shows(reachOf(me))
  }

  /** A refused socket looks like a lost one; asked over HTTP, the server says which. */
  async #askWhoIAm() {
    if (Date.now() - this.#askedAt < ASK_AGAIN_MS) return
    this.#askedAt = Date.now()
    await this.api.auth.me.query().catch(() => null)
  }
}

const reachOf = ({ channels, reachMark }: Me) => ({ channelIds: channels.map(({ id }) => id), reachMark })

export const [useSession, provideSession] = createContext<Session>()
