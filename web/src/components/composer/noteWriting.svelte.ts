import { mentionsIn, type NotePiece, notePieces } from '#lib/composing/mentions.ts'
import type { AnyRow } from '#lib/composing/sources.ts'
import type { Suggesting } from '#lib/composing/suggesting.svelte.ts'
import type { Session } from '#lib/inbox/session.svelte.ts'
import type { Thread } from '#lib/inbox/thread.svelte.ts'

type Place = { session: Session; thread: Thread; suggesting: Suggesting<AnyRow> }

/** As the server has it. */
const LONGEST = 10_000

/** The private note: it needs no lock, no window and no guard, and waits on this device like a message. */
export class NoteWriting {
  constructor(private readonly place: Place) {}

  get text(): string {
    const { session, thread } = this.place
    return session.drafts.text(thread.id, 'note')
  }

  /** Who can be called: whoever can see the conversation, but not oneself. */
  get people() {
    const { session, thread } = this.place
    const channelId = thread.conversation?.channelId
    const all = channelId ? session.people.agentsFor([channelId]) : []
    return all.filter(({ id }) => id !== session.me.agent.id)
  }

  get pieces(): NotePiece[] {
    return notePieces(this.text, this.people)
  }

  /** Who will be called. */
  get mentions() {
    return mentionsIn(this.text, this.people)
  }

  get isTooLong(): boolean {
    return this.text.length > LONGEST
  }

  get canSend(): boolean {
    return this.text.trim() !== '' && !this.isTooLong
  }

  typed(text: string) {
    const { session, thread } = this.place
    session.drafts.set(thread.id, 'note', text)
  }

  /** True when it went. */
  send(): boolean {
    if (!this.canSend) return false
    const { session, thread } = this.place
    session.outbox.addNote(thread.id, this.text.trim(), { mentions: this.mentions })
    this.typed('')
    thread.wasSent()
    return true
  }

  key(event: KeyboardEvent) {
    const { session, thread, suggesting } = this.place
    if (suggesting.key(event) || event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    if (this.send() && (event.ctrlKey || event.metaKey)) void session.work.resolve([thread.id])
  }
}
