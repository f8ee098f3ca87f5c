import type { AgentName } from '../../../../server/inbox/snapshot.ts'
import type { LockSnapshot } from '../../../../server/live/presenceItem.ts'
import { troubleOf } from '../api/refusal.ts'
import type { OfferedDraft } from './offeredDrafts.svelte.ts'
import type { SendTerms } from './outbox.svelte.ts'
import type { Outgoing, OutgoingParts } from './outgoing.ts'
import { isAboutColleagues, type SendRefusal } from './sendRefusal.ts'
import type { Session } from './session.svelte.ts'

/** What stands above the words that are being written. One at a time, the most pressing first. */
export type Bar =
  | { is: 'guard'; refused: SendRefusal }
  | { is: 'taken'; by: AgentName }
  | { is: 'theirs'; lock: LockSnapshot }
  | { is: 'mine'; lock: LockSnapshot; isHere: boolean }
  | null

/** Writing an answer in one conversation: its draft, the baton, the guard, and what colleagues see of it. */
export class Replying {
  #guard = $state.raw<SendRefusal | null>(null)
  #trouble = $state.raw<string | null>(null)
  #nudges = $state.raw(0)
  #handedTo = $state.raw<AgentName | null>(null)
  /** Its conversation is on the page. */
  #isOpen = false
  /** What the guard showed counts as read, though the feed may not have brought it yet. */
  #readTo: string | null = null
  /** How far the author of the message that is held back had read. */
  #heldSeenSeq: string | null = null

  constructor(
    private readonly session: Session,
    readonly conversationId: string,
    /** After a message has gone to the outbox. */
    private readonly said: () => void,
  ) {}

  get text(): string {
    return this.session.drafts.text(this.conversationId, 'reply')
  }

  get bar(): Bar {
    const { baton, presence } = this.session
    const holding = baton.of(this.conversationId)
    if (holding.is === 'taken') return { is: 'taken', by: holding.by }
    const others = presence.othersLock(this.conversationId)
    if (others) return { is: 'theirs', lock: others }
    if (this.#guard) return { is: 'guard', refused: this.#guard }
    const lock = presence.lockOf(this.conversationId)
    return lock && { is: 'mine', lock, isHere: holding.is === 'mine' }
  }

  get offered(): OfferedDraft | null {
    return this.session.offeredDrafts.of(this.conversationId)
  }

  /** Why something that was asked for here could not be done. */
  get trouble(): string | null {
    return this.#trouble
  }

  /** Who has been given the draft that was written here. */
  get handedTo(): AgentName | null {
    return this.#handedTo
  }

  /** How often Enter was pressed in vain: each time the reason shows itself. */
  get nudges(): number {
    return this.#nudges
  }

  /** Others may not be answered over: with a colleague's baton, or the guard, Enter does not send. */
  get isHeldBack(): boolean {
    const bar = this.bar
    return bar !== null && bar.is !== 'mine'
  }

  /** A reload keeps the lock, when it is asked for again in time. */
  opened() {
    this.#isOpen = true
    const lock = this.session.presence.lockOf(this.conversationId)
    if (this.text !== '' && lock?.holder.id === this.session.me.agent.id)
      this.keeper.touch(this.conversationId)
  }

  focused() {
    this.keeper.focus(this.conversationId)
  }

  blurred() {
    this.session.typing.end()
    this.keeper.blur(this.conversationId, this.text.trim() === '')
  }

  /** Something else than words is being put together. Somewhere else it takes no baton: an answer came late. */
  touched() {
    if (this.#isOpen) this.keeper.touch(this.conversationId)
  }

  typed(text: string) {
    this.#write(text)
    this.#trouble = null
    this.#handedTo = null
    this.touched()
    if (text === '') this.#rests()
    else if (this.#isOpen) this.session.typing.key(this.conversationId)
  }

  /** The words have gone another way. */
  emptied() {
    this.#write('')
    this.#rests()
  }

  left() {
    this.#isOpen = false
    this.session.typing.end()
    void this.keeper.release(this.conversationId)
  }

  /** Puts the words into the outbox; a colleague's baton or answer that is known of already holds them here. */
  send(terms = this.terms) {
    if (this.isHeldBack) {
      this.#nudges += 1
      return
    }
    const { text } = this
    this.#write('')
    this.give(text, undefined, terms)
  }

  /** With what something is sent here now: the lock that is held, and how far the log was read. */
  get terms(): SendTerms {
    const { conversationId, session } = this
    const seenSeq = later(session.sight.seenTo(conversationId), this.#readTo)
    return { lock: session.baton.fenceOf(conversationId), seenSeq }
  }

  /** Words, or what else was put together, into the outbox. What the server holds back of it stays in the thread, marked. */
  give(body: string, parts?: OutgoingParts, terms = this.terms) {
    const { conversationId, session } = this
    this.#handedTo = null
    session.typing.end()
    session.outbox.send(conversationId, body, terms, parts)
    this.said()
  }

  /** The same for who keeps it: a function of a component would keep the component, and all that it has drawn, with it. */
  readonly delivers = (body: string, parts?: OutgoingParts) => this.give(body, parts)

  /** The author has read what came between, and sends it all the same. */
  sendAnyway() {
    const wasAboutTheBaton = this.#guard?.missed.length === 0
    if (!wasAboutTheBaton) {
      this.dismissGuard()
      return this.send()
    }
    // What colleagues said meanwhile was not asked about yet: it may hold the message back once more.
    this.#guard = null
    this.send({ ...this.terms, seenSeq: this.#heldSeenSeq })
  }

  dismissGuard() {
    this.#readTo = later(this.#readTo, this.#guard?.seq ?? null)
    this.session.sight.read()
    this.#guard = null
  }

  async takeOver() {
    this.#trouble = null
    const answer = await this.session.baton.keeper.takeOver(this.conversationId)
    // Whoever takes over has read who was replying; what was said, the guard still shows.
    if ('lock' in answer && this.#guard?.missed.length === 0) this.#guard = null
    if ('isAway' in answer)
      this.#trouble = 'The baton could not be taken over: the server cannot be asked right now.'
  }

  /** The draft stays with its author; the baton does not. */
  keepDraft() {
    this.keeper.acceptLoss()
  }

  async handOver() {
    const bar = this.bar
    if (bar?.is !== 'taken' || this.text.trim() === '') return
    const { conversationId, text } = this
    try {
      await this.session.api.locks.handOver.mutate({ conversationId, text })
      this.#write('')
      this.#handedTo = bar.by
      this.keeper.acceptLoss()
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
  }

  insertOffered() {
    const { offered, text } = this
    if (!offered) return
    this.dismissOffered()
    this.#toAnswer()
    this.typed(text.trim() === '' ? offered.text : `${text}\n${offered.text}`)
  }

  dismissOffered() {
    this.session.offeredDrafts.remove(this.conversationId)
  }

  /**
   * The server did not take a message that was written here because of colleagues. When nothing else is being written, its
   * words come back to the composer and the reason stands above them; else it stays in the thread, marked, with what can be
   * done. True when it came back.
   */
  refused(message: Outgoing, isAlone: boolean): boolean {
    const { refused, conversationId, body } = message
    if (conversationId !== this.conversationId || !isAboutColleagues(refused)) return false
    const { holder, expiresAt } = refused
    if (holder) this.session.presence.learnHolder(conversationId, holder, expiresAt)
    if (holder && refused.reason === 'LOCK_LOST') this.keeper.lost(conversationId, holder)
    if (!isAlone || this.text !== '' || message.parts) return false
    this.#write(body)
    this.#guard = refused
    this.#heldSeenSeq = message.seenSeq
    return true
  }

  /** A message that colleagues held back goes out all the same, with the baton and with what was said in between as read. */
  async resend({ clientMessageId, refused }: Outgoing) {
    const { conversationId, session } = this
    if (session.presence.othersLock(conversationId)) await this.takeOver()
    const seenSeq = later(session.sight.seenTo(conversationId), refused?.seq ?? null)
    session.outbox.retry(clientMessageId, { lock: session.baton.fenceOf(conversationId), seenSeq })
  }

  /** Its words come back to the composer. */
  edit({ clientMessageId, body, note, conversationId }: Outgoing) {
    this.session.outbox.remove(clientMessageId)
    if (!note) return this.addWords(body)
    const { drafts, compositions } = this.session
    const begun = drafts.text(conversationId, 'note')
    drafts.set(conversationId, 'note', begun.trim() === '' ? body : `${begun}\n${body}`)
    compositions.held(conversationId)?.write('note')
  }

  /** Below what is being written, when something is. */
  addWords(words: string) {
    const { text } = this
    this.#toAnswer()
    this.typed(text.trim() === '' ? words : `${text}\n${words}`)
  }

  /** What is put in belongs to the answer, also while a note is being written. */
  #toAnswer() {
    this.session.compositions.held(this.conversationId)?.write('reply')
  }

  #rests() {
    if (this.#isOpen) this.session.typing.end()
  }

  /** With the message that it answers, so that another device finds both. */
  #write(text: string) {
    const { conversationId, session } = this
    const quoted = session.compositions.held(conversationId)?.quoted ?? null
    session.drafts.set(conversationId, 'reply', text, text === '' ? null : (quoted?.id ?? null))
  }

  private get keeper() {
    return this.session.baton.keeper
  }
}

/** The later of two cursors: digits, so the longer is the later. */
export function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b
  if (a.length !== b.length) return a.length > b.length ? a : b
  return a > b ? a : b
}
