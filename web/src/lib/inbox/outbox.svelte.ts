import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { codeOf, isPassing, troubleOf } from '../api/refusal.ts'
import type { Kept } from './kept.ts'
import type { Outgoing } from './outgoing.ts'

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 15_000

/**
 * What was sent here and has not reached the server. Each conversation's messages go one after the other, so they keep their
 * order; a message is repeated under its id until an answer comes, which the server takes once. Kept in the tab's storage:
 * a reload loses nothing.
 */
export class Outbox {
  #waiting = $state.raw<readonly Outgoing[]>([])
  #busy = new Set<string>()
  #wake = new Set<() => void>()
  #isStopped = false

  constructor(
    private readonly api: Api,
    private readonly kept: Kept<readonly Outgoing[]>,
    private readonly accepted: (message: MessageSnapshot) => void,
  ) {
    this.#waiting = kept.read() ?? []
  }

  get waiting(): readonly Outgoing[] {
    return this.#waiting.filter((message) => message.refused === null)
  }

  of(conversationId: string): readonly Outgoing[] {
    return this.#waiting.filter((message) => message.conversationId === conversationId)
  }

  /** Takes up what an earlier load of this tab left. */
  start() {
    for (const { conversationId } of this.#waiting) void this.#work(conversationId)
  }

  send(conversationId: string, body: string) {
    const clientMessageId = crypto.randomUUID()
    const sentAt = new Date().toISOString()
    this.#set([...this.#waiting, { clientMessageId, conversationId, body, sentAt, refused: null }])
    void this.#work(conversationId)
  }

  /** Another try for a refused one, under the same id. */
  retry(clientMessageId: string) {
    const message = this.#waiting.find((waiting) => waiting.clientMessageId === clientMessageId)
    if (!message) return
    this.#change(clientMessageId, { refused: null })
    void this.#work(message.conversationId)
  }

  remove(clientMessageId: string) {
    this.#set(this.#waiting.filter((message) => message.clientMessageId !== clientMessageId))
  }

  /** There is reason to believe that the server can be reached again. */
  hurry() {
    for (const wake of this.#wake) wake()
  }

  stop() {
    this.#isStopped = true
    this.hurry()
  }

  async #work(conversationId: string) {
    if (this.#busy.has(conversationId)) return
    this.#busy.add(conversationId)
    for (let tries = 0; !this.#isStopped; ) {
      const message = this.waiting.find((waiting) => waiting.conversationId === conversationId)
      if (!message) break
      const isSettled = await this.#offer(message)
      tries = isSettled ? 0 : tries + 1
      if (!isSettled) await this.#pause(tries)
    }
    this.#busy.delete(conversationId)
  }

  async #offer({ conversationId, clientMessageId, body }: Outgoing): Promise<boolean> {
    try {
      const { message } = await this.api.messages.send.mutate({ conversationId, clientMessageId, body })
      this.accepted(message)
      this.remove(clientMessageId)
      return true
    } catch (error) {
      // Without a session it waits too: whoever signs in again finds it, and it goes out.
      if (isPassing(error) || codeOf(error) === 'UNAUTHORIZED') return false
      this.#change(clientMessageId, { refused: troubleOf(error).message })
      return true
    }
  }

  #pause(tries: number): Promise<void> {
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1))
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer)
        this.#wake.delete(go)
        resolve()
      }
      const timer = setTimeout(go, longest * (0.5 + Math.random() / 2))
      this.#wake.add(go)
    })
  }

  #change(clientMessageId: string, change: Partial<Outgoing>) {
    this.#set(
      this.#waiting.map((message) =>
        message.clientMessageId === clientMessageId ? { ...message, ...change } : message,
      ),
    )
  }

  #set(waiting: readonly Outgoing[]) {
    this.#waiting = waiting
    this.kept.write(waiting)
  }
}
