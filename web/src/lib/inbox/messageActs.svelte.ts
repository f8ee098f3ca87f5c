import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'

/** As for a new message: the lock that the tab holds, and how far it has seen what colleagues said. */
export type ActTerms = { lock?: number | null; seenSeq?: string | null }

/** What is done to a message or a file that is there already. By its id: what is under way, and what stood in the way. */
export class MessageActs {
  #busy = $state.raw<ReadonlySet<string>>(new Set())
  #troubles = $state.raw<ReadonlyMap<string, string>>(new Map())

  constructor(
    private readonly api: Api,
    private readonly hold: (message: MessageSnapshot) => void,
  ) {}

  isBusy(id: string): boolean {
    return this.#busy.has(id)
  }

  trouble(id: string): string | null {
    return this.#troubles.get(id) ?? null
  }

  /** `emoji` null takes it back. */
  react(messageId: string, emoji: string | null) {
    return this.#act(messageId, () => this.api.messages.react.mutate({ messageId, emoji }))
  }

  retry(messageId: string, terms: ActTerms = {}) {
    return this.#act(messageId, () => this.api.messages.retry.mutate({ messageId, ...terms }))
  }

  dismiss(messageId: string) {
    return this.#act(messageId, () => this.api.messages.dismiss.mutate({ messageId }))
  }

  /** Of one that may or may not have been sent. */
  resolve(messageId: string, decision: 'check' | 'send_again' | 'leave', terms: ActTerms = {}) {
    return this.#act(messageId, () => this.api.messages.resolve.mutate({ messageId, decision, ...terms }))
  }

  cancel(messageId: string) {
    return this.#act(messageId, () => this.api.messages.cancel.mutate({ messageId }))
  }

  fetchAgain(mediaId: string) {
    return this.#act(mediaId, () => this.api.media.retry.mutate({ mediaId }))
  }

  async #act(id: string, ask: () => Promise<{ message: MessageSnapshot } | object>): Promise<boolean> {
    if (this.#busy.has(id)) return false
    this.#busy = new Set(this.#busy).add(id)
    this.#tell(id, null)
    try {
      const answer = await ask()
      if ('message' in answer) this.hold(answer.message)
      return true
    } catch (error) {
      this.#tell(id, troubleOf(error).message)
      return false
    } finally {
      this.#busy = new Set([...this.#busy].filter((one) => one !== id))
    }
  }

  #tell(id: string, words: string | null) {
    const troubles = new Map(this.#troubles)
    if (words === null) troubles.delete(id)
    else troubles.set(id, words)
    this.#troubles = troubles
  }
}
