import type { CannedReply } from '../../../../server/inbox/cannedReplies.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'
import { withPlace } from './places.ts'

export const LONGEST_BODY = 4096
const SHORTCUT = /^[\p{L}\p{N}_-]{1,40}$/u

/** One canned reply while it is written. */
export class CannedForm {
  title = $state('')
  shortcut = $state('')
  body = $state('')
  #isBusy = $state.raw(false)
  #trouble = $state.raw<string | null>(null)

  /** `reply` null: a new one. */
  constructor(
    private readonly api: Api,
    readonly reply: CannedReply | null,
  ) {
    this.title = reply?.title ?? ''
    this.shortcut = reply?.shortcut ?? ''
    this.body = reply?.body ?? ''
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get trouble(): string | null {
    return this.#trouble
  }

  get shortcutTrouble(): string | null {
    if (this.shortcut === '' || SHORTCUT.test(this.shortcut)) return null
    return 'Letters, digits, - and _ only, up to 40 of them.'
  }

  get canSave(): boolean {
    const isWhole = this.title.trim() !== '' && this.body.trim() !== '' && SHORTCUT.test(this.shortcut)
    return isWhole && this.body.length <= LONGEST_BODY && !this.#isBusy
  }

  /** Puts a place where the caret stands; answers with where it goes. */
  place(place: string, selection: { start: number; end: number }): number {
    const { body, caret } = withPlace(this.body, place, selection)
    this.body = body
    return caret
  }

  /** Whether it is done. */
  save(): Promise<boolean> {
    const cannedReplyId = this.reply ? { cannedReplyId: this.reply.id } : {}
    const { shortcut, title, body } = this
    return this.#does(() =>
      this.api.cannedReplies.save.mutate({
        ...cannedReplyId,
        shortcut,
        title: title.trim(),
        body: body.trim(),
      }),
    )
  }

  /** Likewise. */
  async remove(): Promise<boolean> {
    const { reply } = this
    if (reply === null) return true
    return this.#does(() => this.api.cannedReplies.remove.mutate({ cannedReplyId: reply.id }))
  }

  async #does(act: () => Promise<unknown>): Promise<boolean> {
    this.#isBusy = true
    this.#trouble = null
    try {
      await act()
      return true
    } catch (error) {
      this.#trouble = troubleOf(error).message
      return false
    } finally {
      this.#isBusy = false
    }
  }
}
