import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Composition } from './composition.svelte.ts'
import type { NoteAct } from './messageNote.ts'
import type { Session } from './session.svelte.ts'

/** Does what was pressed below a message of the open conversation. */
export class NoteActs {
  constructor(
    private readonly session: Session,
    private readonly message: MessageSnapshot,
    private readonly composition: Composition,
  ) {}

  do(act: NoteAct) {
    void this.#acts[act]()
  }

  readonly #acts: Record<NoteAct, () => unknown> = {
    retry: () => this.session.acts.retry(this.message.id, this.#terms),
    send_again: () => this.session.acts.resolve(this.message.id, 'send_again', this.#terms),
    check: () => this.session.acts.resolve(this.message.id, 'check'),
    leave: () => this.session.acts.resolve(this.message.id, 'leave'),
    dismiss: () => this.session.acts.dismiss(this.message.id),
    cancel: () => this.session.acts.cancel(this.message.id),
    template: () => this.composition.openTemplates(true),
    edit: () => this.#edit(),
  }

  get #terms() {
    return this.session.replying?.terms ?? {}
  }

  /** Its words go back to the composer; the message itself is put aside, so that nobody else sends it too. */
  #edit() {
    const { message, session } = this
    session.replying?.addWords(message.body ?? '')
    if (message.status === 'failed') void session.acts.dismiss(message.id)
    document.querySelector<HTMLElement>('[data-composer]')?.focus()
  }
}
