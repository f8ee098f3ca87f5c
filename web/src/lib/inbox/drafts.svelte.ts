import type { Kept } from './kept.ts'

export type DraftTexts = Record<string, string>

export function isDraftTexts(value: unknown): value is DraftTexts {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((text) => typeof text === 'string')
  )
}

/** What was written and not sent, by conversation. It outlives a change of conversation and a reload of the tab. */
export class Drafts {
  #texts = $state.raw<DraftTexts>({})

  constructor(private readonly kept: Kept<DraftTexts>) {
    this.#texts = kept.read() ?? {}
  }

  of(conversationId: string): string {
    return this.#texts[conversationId] ?? ''
  }

  set(conversationId: string, text: string) {
    const { [conversationId]: _, ...others } = this.#texts
    this.#texts = text === '' ? others : { ...others, [conversationId]: text }
    this.kept.write(this.#texts)
  }

  clear() {
    this.#texts = {}
    this.kept.write({})
  }
}
