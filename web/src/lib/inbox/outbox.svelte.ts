import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { codeOf, isPassing } from '../api/refusal.ts'
import { byWebLocks, Courier, type Offered } from './courier.ts'
import { type OutboxStore, openOutboxStore } from './outboxStore.ts'
import { nextSentAt, type Outgoing, type OutgoingNote, type OutgoingParts, sendableOf } from './outgoing.ts'
import { type SendRefusal, sendRefusalOf } from './sendRefusal.ts'

/** What the tabs of one agent tell each other about their common queue. */
type Word =
  | { type: 'changed' }
  | { type: 'accepted'; message: MessageSnapshot }
  | { type: 'refused'; message: Outgoing }
  | { type: 'hurry' }

/** What a message is sent with beside its words. */
export type SendTerms = Pick<Outgoing, 'lock' | 'seenSeq'>

type Listener = {
  accepted(message: MessageSnapshot): void
  /** Of a message that was written in this tab; true when its words went back to the author. `isAlone`: nothing else waits there. */
  refused(message: Outgoing, isAlone: boolean): boolean
  /** The lock that this agent holds now, which may be younger than the one that a message was written with. */
  lockOf(conversationId: string): number | null
  /** That lock has ended, and nobody has another. */
  lapsed(conversationId: string): void
}

/**
 * What was sent on this device and has not reached the server: kept in IndexedDB, shown by every tab of the agent, carried by
 * one of them at a time. A message is repeated under its id until an answer comes, which the server takes once.
 */
export class Outbox {
  #messages = $state.raw<readonly Outgoing[]>([])
  #writing = 0
  #readAt = 0
  /** Ids of messages that were written in this tab since it was loaded. */
  #written = new Set<string>()
  #store: OutboxStore
  #courier: Courier
  #channel: BroadcastChannel

  constructor(
    private readonly api: Api,
    agentId: string,
    private readonly listener: Listener,
  ) {
    this.#store = openOutboxStore(agentId, globalThis.indexedDB)
    this.#courier = new Courier((id) => this.#offer(id), byWebLocks(agentId, globalThis.navigator.locks))
    this.#channel = new BroadcastChannel(`baton:outbox:${agentId}`)
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Word>) => this.#hear(data))
  }

  get waiting(): readonly Outgoing[] {
    return this.#messages.filter((message) => message.refused === null)
  }

  /** Everything that has not reached the server, refused or not. */
  get unsent(): readonly Outgoing[] {
    return this.#messages
  }

  of(conversationId: string): readonly Outgoing[] {
    return this.#messages.filter((message) => message.conversationId === conversationId)
  }

  /** The last that waits there and is meant for the customer: private notes are not. */
  lastToCustomer(conversationId: string): Outgoing | undefined {
    return this.of(conversationId).findLast((message) => !message.note)
  }

  /** Takes up what an earlier load, or a tab that was closed, left. */
  async start() {
    await this.#read()
    for (const { conversationId } of this.waiting) this.#courier.attend(conversationId)
  }

  /** Answers with the message's id, under which it is known from now on. */
  send(conversationId: string, body: string, terms: SendTerms, parts?: OutgoingParts): string {
    return this.#add({ conversationId, body, ...terms, ...(parts && { parts }) })
  }

  /** A private note: it needs no lock and no knowledge of what colleagues said. */
  addNote(conversationId: string, body: string, note: OutgoingNote): string {
    return this.#add({ conversationId, body, lock: null, seenSeq: null, note })
  }

  /** Another try for a refused one, under the same id; with the terms that its author has agreed to since. */
  retry(clientMessageId: string, terms: Partial<SendTerms> = {}) {
    const message = this.#find(clientMessageId)
    if (message) void this.#put({ ...message, ...terms, refused: null })
  }

  remove(clientMessageId: string) {
    void this.#drop(clientMessageId)
  }

  /** What waited for it goes nowhere any more. */
  forgetConversation(conversationId: string) {
    for (const { clientMessageId } of this.of(conversationId)) this.remove(clientMessageId)
  }

  /** There is reason to believe that the server can be reached again. */
  hurry() {
    this.#courier.hurry()
    this.#say({ type: 'hurry' })
  }

  /** Nothing stays on this device. */
  async clear() {
    await this.#write([], () => this.#store.clear())
  }

  stop() {
    this.#courier.stop()
    this.#channel.close()
  }

  #add(message: Omit<Outgoing, 'clientMessageId' | 'sentAt' | 'refused'>): string {
    const clientMessageId = crypto.randomUUID()
    const sentAt = nextSentAt(this.#messages, Date.now())
    this.#written.add(clientMessageId)
    void this.#put({ ...message, clientMessageId, sentAt, refused: null })
    return clientMessageId
  }

  async #offer(conversationId: string): Promise<Offered> {
    // Asked of the store, not of this tab's memory: another tab may have carried it meanwhile.
    const message = (await this.#store.all()).find(
      (one) => one.conversationId === conversationId && one.refused === null,
    )
    if (!message) return 'none'
    const { clientMessageId, seenSeq } = message
    const lock = this.listener.lockOf(conversationId) ?? message.lock
    try {
      const answer = await this.#send(message, lock)
      this.listener.accepted(answer.message)
      this.#say({ type: 'accepted', message: answer.message })
      await this.#drop(clientMessageId)
      return 'settled'
    } catch (error) {
      // Without a session it waits too: whoever signs in again finds it, and it goes out.
      if (isPassing(error) || codeOf(error) === 'UNAUTHORIZED') return 'later'
      const refusal = sendRefusalOf(error)
      // The lock that it went with: the tab may not have heard yet that its own has ended.
      if (hasOnlyLapsed({ seenSeq, lock }, refusal)) {
        this.listener.lapsed(conversationId)
        await this.#put({ ...message, lock: null })
        return 'settled'
      }
      const refused = { ...message, refused: refusal }
      await this.#put(refused)
      this.#say({ type: 'refused', message: refused })
      this.#wasRefused(refused)
      return 'settled'
    }
  }

  #send(message: Outgoing, lock: number | null): Promise<{ message: MessageSnapshot }> {
    const { conversationId, clientMessageId, seenSeq, body, note } = message
    const ids = { conversationId, clientMessageId }
    if (note) {
      const mentions = note.mentions.map(({ id }) => id)
      return this.api.notes.add.mutate({ ...ids, text: body, mentions })
    }
    return this.api.messages.send.mutate({ ...ids, ...sendableOf(message), lock, seenSeq })
  }

  async #put(message: Outgoing) {
    const others = this.#messages.filter((one) => one.clientMessageId !== message.clientMessageId)
    const next = [...others, message].sort((a, b) => (a.sentAt < b.sentAt ? -1 : 1))
    await this.#write(next, () => this.#store.put(message))
    if (message.refused !== null) return
    this.#courier.attend(message.conversationId)
    this.hurry()
  }

  #wasRefused(message: Outgoing) {
    if (!this.#written.has(message.clientMessageId)) return
    const isAlone = this.of(message.conversationId).every(
      (one) => one.clientMessageId === message.clientMessageId,
    )
    if (this.listener.refused(message, isAlone)) this.remove(message.clientMessageId)
  }

  async #drop(clientMessageId: string) {
    const others = this.#messages.filter((message) => message.clientMessageId !== clientMessageId)
    await this.#write(others, () => this.#store.remove(clientMessageId))
  }

  /** On the page at once, then on the device, then in the other tabs. */
  async #write(messages: readonly Outgoing[], write: () => Promise<void>) {
    this.#messages = messages
    this.#writing += 1
    await write()
    this.#writing -= 1
    this.#say({ type: 'changed' })
    await this.#read()
  }

  async #read() {
    this.#readAt += 1
    const readAt = this.#readAt
    const messages = await this.#store.all()
    // What is being written here is newer than what was read; a later read follows it.
    if (readAt === this.#readAt && this.#writing === 0) this.#messages = messages
  }

  #find(clientMessageId: string): Outgoing | undefined {
    return this.#messages.find((message) => message.clientMessageId === clientMessageId)
  }

  #hear(word: Word) {
    if (word.type === 'changed') void this.#read()
    if (word.type === 'accepted') this.listener.accepted(word.message)
    if (word.type === 'refused') this.#wasRefused(word.message)
    if (word.type === 'hurry') this.#courier.hurry()
  }

  #say(word: Word) {
    try {
      this.#channel.postMessage(word)
    } catch {
      // The tab is on its way out: its channel is closed, and the store has what counts.
    }
  }
}

/**
 * The baton that it was written with has ended, as after a minute offline, and nobody has it now. That is no reason to bother
 * the author: without one, the server still asks whether somebody holds it, and whether a colleague has said something since.
 */
function hasOnlyLapsed({ lock, seenSeq }: SendTerms, { reason, holder }: SendRefusal): boolean {
  return reason === 'LOCK_LOST' && holder === null && lock !== null && seenSeq !== null
}
