import type { CannedReply } from '../../../../server/inbox/cannedReplies.ts'
import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { withGaps } from './gaps.ts'

/** How a canned reply would go out in one conversation, or why that is not known. */
export type Filled = { text: string } | { trouble: string }

/** The canned replies of the workspace: asked for when the first one is looked for, and kept fresh from then on. */
export class CannedReplies {
  #replies = $state.raw<readonly CannedReply[] | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #filled = $state.raw<ReadonlyMap<string, Filled>>(new Map())
  #isLoading = false

  constructor(private readonly api: Api) {}

  /** By shortcut; null: not known yet. */
  get replies(): readonly CannedReply[] | null {
    return this.#replies
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  /** Somebody looks for one. What was filled a while ago may be of a customer who has another name by now. */
  want() {
    this.#filled = new Map()
    if (this.#replies === null && !this.#isLoading) void this.load()
  }

  async load(): Promise<void> {
    this.#isLoading = true
    this.#trouble = null
    try {
      this.#replies = (await this.api.cannedReplies.list.query()).cannedReplies
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
    this.#isLoading = false
  }

  hear(events: readonly InboxEvent[]) {
    const hasChanged = events.some(({ type }) => type === 'cannedReplies.changed')
    if (hasChanged && this.#replies !== null) void this.load()
  }

  /** As it was filled last; undefined: not asked for yet. */
  filled(reply: CannedReply, conversationId: string): Filled | undefined {
    return this.#filled.get(keyOf(reply, conversationId))
  }

  /** With the words of this conversation in its places, and something to type over where there are none. */
  async fill(reply: CannedReply, conversationId: string): Promise<Filled> {
    const key = keyOf(reply, conversationId)
    const known = this.#filled.get(key)
    if (known && 'text' in known) return known
    const filled = await this.api.cannedReplies.fill
      .query({ cannedReplyId: reply.id, conversationId })
      .then(({ text, gaps }) => ({ text: withGaps(text, gaps) }))
      .catch((error: unknown) => ({ trouble: troubleOf(error).message }))
    this.#filled = new Map(this.#filled).set(key, filled)
    return filled
  }
}

/** With its age: one that was changed is filled anew. */
const keyOf = ({ id, updatedAt }: CannedReply, conversationId: string) =>
  `${id} ${updatedAt} ${conversationId}`
