import type { Api } from '../api/client.ts'

/** Shown to colleagues for five seconds, so it is said again well before. */
export const SAY_AGAIN_MS = 2_500

type Say = (conversationId: string, isTyping: boolean) => void

/** Says that somebody types: with the first key, then every few seconds while it goes on; and that it ended, at once. */
export class TypingSignal {
  #conversationId: string | null = null
  #saidAt = 0

  constructor(
    private readonly say: Say,
    private readonly now: () => number,
  ) {}

  key(conversationId: string) {
    const isAnother = this.#conversationId !== conversationId
    if (isAnother) this.end()
    if (!isAnother && this.now() - this.#saidAt < SAY_AGAIN_MS) return
    this.#conversationId = conversationId
    this.#saidAt = this.now()
    this.say(conversationId, true)
  }

  /** Sent, left, or emptied. */
  end() {
    if (this.#conversationId === null) return
    this.say(this.#conversationId, false)
    this.#conversationId = null
  }
}

/** Of this tab, over HTTP; what is not heard was not important. */
export function typingSignal(api: Api, tabId: string): TypingSignal {
  return new TypingSignal(
    (conversationId, isTyping) =>
      void api.presence.typing.mutate({ tabId, conversationId, isTyping }).catch(() => {}),
    () => Date.now(),
  )
}
