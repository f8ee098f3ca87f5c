import type { DraftSnapshot } from '../../../../server/inbox/drafts.ts'
import { afterSave, type Draft, type DraftKind } from './draftMerge.ts'

export type DraftPlace = { conversationId: string; kind: DraftKind }

type Saving = {
  conversationId: string
  isNote: boolean
  body: string
  quotedMessageId: string | null
  version: number
}

type World = {
  save(draft: Saving): Promise<{ draft: { version: number }; replaced: Pick<DraftSnapshot, 'body'> | null }>
  /** Whether asking again may help. */
  isPassing(error: unknown): boolean
  draft(place: DraftPlace): Draft
  keep(place: DraftPlace, draft: Draft): void
  /** What another device had saved, and this one has just replaced. */
  replaced(place: DraftPlace, words: string): void
}

export type SaverTimes = { restMs: number; againMs: number }

/** Typing rests this long before the server is told; and so long until it is tried again. */
const TIMES: SaverTimes = { restMs: 700, againMs: 10_000 }

/**
 * Brings drafts to the server, one request at a time for each, so that versions rise in the order of typing. What is typed while
 * one is under way goes with the next.
 */
export class DraftSaver {
  #timers = new Map<string, ReturnType<typeof setTimeout>>()
  #saving = new Map<string, Promise<void>>()
  /** What was last sent: when it comes back from the server, it is no news. */
  #sent = new Map<string, string>()

  constructor(
    private readonly world: World,
    private readonly times: SaverTimes = TIMES,
  ) {}

  /** Something was typed. */
  soon(place: DraftPlace) {
    this.#after(place, this.times.restMs)
  }

  /** Done when it is saved, or could not be. */
  save(place: DraftPlace): Promise<void> {
    const key = draftKey(place)
    clearTimeout(this.#timers.get(key))
    const saving = this.#saving.get(key) ?? this.#saveAll(place).finally(() => this.#saving.delete(key))
    this.#saving.set(key, saving)
    return saving
  }

  /** While it is, the answer tells more than anything that was asked before. */
  isSaving(place: DraftPlace): boolean {
    return this.#saving.has(draftKey(place))
  }

  wasSent(place: DraftPlace, words: string): boolean {
    return this.#sent.get(draftKey(place)) === words
  }

  stop() {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  async #saveAll(place: DraftPlace): Promise<void> {
    const { conversationId, kind } = place
    for (let draft = this.world.draft(place); !draft.isSaved; draft = this.world.draft(place)) {
      const { text: body, quotedMessageId, version } = draft
      this.#sent.set(draftKey(place), body)
      try {
        const isNote = kind === 'note'
        const answer = await this.world.save({ conversationId, isNote, body, quotedMessageId, version })
        this.world.keep(place, afterSave(this.world.draft(place), draft, answer.draft.version))
        if (answer.replaced) this.world.replaced(place, answer.replaced.body)
      } catch (error) {
        // What the server does not take, as from somebody who sees the conversation no more, stays on this device.
        if (this.world.isPassing(error)) this.#after(place, this.times.againMs)
        return
      }
    }
  }

  #after(place: DraftPlace, ms: number) {
    const key = draftKey(place)
    clearTimeout(this.#timers.get(key))
    this.#timers.set(
      key,
      setTimeout(() => void this.save(place), ms),
    )
  }
}

/** One for each conversation and kind. */
export const draftKey = ({ conversationId, kind }: DraftPlace) => `${conversationId}:${kind}`

/** The way back from {@link draftKey}. */
export function draftPlace(key: string): DraftPlace {
  const [conversationId = '', kind] = key.split(':')
  return { conversationId, kind: kind === 'note' ? 'note' : 'reply' }
}
