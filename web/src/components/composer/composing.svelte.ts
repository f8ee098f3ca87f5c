import { tick } from 'svelte'
import { quoteById } from '#lib/composing/quoteById.ts'
import { type Parcel, SendLater } from '#lib/composing/sendLater.svelte.ts'
import { type AnyRow, cannedSource, emojiSource, mentionSource } from '#lib/composing/sources.ts'
import { Suggesting } from '#lib/composing/suggesting.svelte.ts'
import type { Composition } from '#lib/inbox/composition.svelte.ts'
import { Replying } from '#lib/inbox/replying.svelte.ts'
import type { Session } from '#lib/inbox/session.svelte.ts'
import type { Thread } from '#lib/inbox/thread.svelte.ts'
import { NoteWriting } from './noteWriting.svelte.ts'
import { TextField } from './textField.svelte.ts'
import { Writing } from './writing.svelte.ts'

/**
 * Writing in one conversation, from when it is opened until another one is. The composer on the page stays when the
 * conversation changes; this is made anew, so that nothing that is under way can end up with another customer.
 */
export class Composing {
  readonly replying: Replying
  readonly field = new TextField()
  readonly note: NoteWriting
  readonly writing: Writing
  /** When the words shall go out. */
  readonly later: SendLater
  readonly suggesting: Suggesting<AnyRow>
  isEmojiOpen = $state.raw(false)

  constructor(
    private readonly session: Session,
    private readonly thread: Thread,
    readonly composition: Composition,
  ) {
    const { field } = this
    const { id: conversationId } = thread
    const replying = new Replying(session, conversationId, () => thread.wasSent())
    const emoji = emojiSource({ book: session.emoji, choice: session.emojiChoice }, field)
    const mention = mentionSource(() => this.note.people, field)
    const failed = (words: string) => session.toasts.say({ words, tone: 'danger' })
    const canned = cannedSource({ conversationId, canned: session.cannedReplies, failed }, field)
    const suggesting = new Suggesting<AnyRow>(() =>
      composition.kind === 'note' ? [mention, emoji] : [canned, emoji],
    )
    const resolve = () => void session.work.resolve([conversationId])
    const writing = new Writing({ replying, composition, field, suggesting, resolve })
    this.replying = replying
    this.suggesting = suggesting
    this.writing = writing
    this.note = new NoteWriting({ session, thread, suggesting })
    this.later = this.sendLater(
      () => writing.parcel,
      (parcel) => writing.wasTaken(parcel),
    )
  }

  /** What is put together here, sent when somebody says; `taken`: it waits on the server now. */
  sendLater(parcel: () => Parcel | null, taken: (parcel: Parcel) => void): SendLater {
    const { session, thread } = this
    return new SendLater({
      now: () => session.clock.now,
      closesAt: () => thread.conversation?.windowClosesAt ?? null,
      parcel,
      schedule: (its, clientMessageId, sendAt) =>
        session.scheduled.schedule({ conversationId: thread.id, clientMessageId, sendAt, ...its }),
      taken,
    })
  }

  /** The conversation is on the page. Answers with what is to be done when it is not any more. */
  begin(): () => void {
    const { composition, replying, note } = this
    this.session.writes(replying)
    composition.deliverTo(replying.delivers)
    if (replying.text === '' && note.text !== '') composition.write('note')
    replying.opened()
    return () => {
      composition.voice.recorder.stop()
      replying.left()
    }
  }

  /** What is written answers this message. */
  quote(messageId: string) {
    const { composition, session, thread } = this
    void quoteById(session, thread.id, messageId).then((message) => message && composition.quote(message))
  }

  /** Once the field that is to have the focus stands there. */
  readonly focus = () => void tick().then(() => this.field.focus())

  readonly focusReply = () => {
    this.composition.write('reply')
    this.focus()
  }

  readonly openEmoji = () => {
    this.isEmojiOpen = true
  }
}
