import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { withGaps } from '../composing/gaps.ts'
import type { Session } from '../inbox/session.svelte.ts'
import type { Entry } from './entry.ts'

type CannedReply = inferRouterOutputs<AppRouter>['cannedReplies']['list']['cannedReplies'][number]

/** The canned replies, to put one into the answer that is being written. */
export class CannedChoice {
  #replies = $state.raw<readonly CannedReply[] | null>(null)
  #trouble = $state.raw<Trouble | null>(null)

  constructor(
    private readonly session: Session,
    private readonly ids: readonly string[],
  ) {}

  get isLoading(): boolean {
    return this.#replies === null && this.#trouble === null
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  get entries(): Entry[] {
    return (this.#replies ?? []).map(({ id, title, shortcut, body }) => ({
      id: `canned:${id}`,
      words: title,
      group: 'Canned replies',
      detail: `/${shortcut}`,
      also: body,
      run: () => void this.#write(id),
    }))
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#replies = (await this.session.api.cannedReplies.list.query()).cannedReplies
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  async #write(cannedReplyId: string): Promise<void> {
    const [conversationId] = this.ids
    if (!conversationId) return
    const { api, surface, toasts, inbox } = this.session
    try {
      const { text, gaps } = await api.cannedReplies.fill.query({ cannedReplyId, conversationId })
      // Meanwhile another conversation may be open: its answer is not this one.
      if (inbox.openId === conversationId) surface.write(withGaps(text, gaps))
    } catch (error) {
      toasts.say({ words: troubleOf(error).message, tone: 'danger' })
    }
  }
}
