import type { DraftSnapshot } from '../../../../server/inbox/drafts.ts'
import type { Api } from '../api/client.ts'
import { isPassing } from '../api/refusal.ts'
import { afterSave, type Draft, type DraftKind, mergeDraft, NO_DRAFT } from '../composing/draftMerge.ts'
import type { DraftStore } from '../composing/draftStore.ts'

type Calls = Api['drafts']
/** Typing rests this long before the server is told. */
const SAVE_AFTER_MS = 700
const SAVE_AGAIN_MS = 10_000
/** As many as `drafts.list` gives: one that is not in a full list may still exist. */
const MOST_LISTED = 500

/**
 * What was written and not sent, by conversation, an answer and a note in each. On the device at once, so a reload or a closed tab
 * costs nothing; on the server a moment later, so it is there on the agent's other devices. Offline it waits.
 */
export class Drafts {
  #drafts = $state.raw<ReadonlyMap<string, Draft>>(new Map())
  #replaced = $state.raw<ReadonlyMap<string, string>>(new Map())
  #timers = new Map<string, ReturnType<typeof setTimeout>>()
  #saving = new Map<string, Promise<void>>()
  /** What was last sent to the server: when it comes back, it is no news. */
  #sent = new Map<string, string>()
  #unlisten: () => void
  #isCleared = false

  constructor(
    private readonly calls: Calls,
    private readonly store: DraftStore,
  ) {
    this.#drafts = new Map(store.all())
    this.#unlisten = store.listen((key, draft) => this.#hold(key, draft ?? { ...this.#of(key), text: '' }))
  }

  /** The words that a row of the list shows: the answer that was begun, else the note. */
  of(conversationId: string): string {
    return this.text(conversationId, 'reply') || this.text(conversationId, 'note')
  }

  text(conversationId: string, kind: DraftKind): string {
    return this.#of(keyOf(conversationId, kind)).text
  }

  quotedMessageId(conversationId: string): string | null {
    return this.#of(keyOf(conversationId, 'reply')).quotedMessageId
  }

  /** What another device had written here, which gave way to what stands here. */
  replaced(conversationId: string, kind: DraftKind): string | null {
    return this.#replaced.get(keyOf(conversationId, kind)) ?? null
  }

  dismissReplaced(conversationId: string, kind: DraftKind) {
    const replaced = new Map(this.#replaced)
    replaced.delete(keyOf(conversationId, kind))
    this.#replaced = replaced
  }

  set(conversationId: string, kind: DraftKind, text: string, quotedMessageId: string | null = null) {
    const key = keyOf(conversationId, kind)
    const draft = this.#of(key)
    if (draft.text === text && draft.quotedMessageId === quotedMessageId) return
    this.#keep(key, { ...draft, text, quotedMessageId, isSaved: false })
    this.#saveAfter(key, SAVE_AFTER_MS)
  }

  /** All that the server has, as at the start, and after the line was cut; then what waits here is saved. */
  async load(): Promise<void> {
    const before = this.#drafts
    const answer = await this.calls.list.query().catch(() => null)
    if (answer === null) return
    for (const draft of answer.drafts) this.#learn(draft)
    if (answer.drafts.length < MOST_LISTED) this.#dropUnlisted(before, answer.drafts)
    this.hurry()
  }

  /** What the server has of one conversation, when it is opened or looked at again. */
  async refresh(conversationId: string): Promise<void> {
    const answer = await this.calls.get.query({ conversationId }).catch(() => null)
    for (const draft of [answer?.draft, answer?.note]) if (draft) this.#learn(draft)
  }

  /** Saves what is not saved, without waiting for a rest. */
  hurry() {
    for (const key of this.#unsaved) void this.#save(key)
  }

  /** Done when everything is saved, or could not be. */
  async saveAll(): Promise<void> {
    await Promise.all(this.#unsaved.map((key) => this.#save(key)))
  }

  /** Nothing stays on this device. */
  clear() {
    this.stop()
    this.#isCleared = true
    this.#drafts = new Map()
    this.store.clear()
  }

  stop() {
    this.#unlisten()
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  get #unsaved(): string[] {
    return [...this.#drafts].filter(([, draft]) => !draft.isSaved).map(([key]) => key)
  }

  #of(key: string): Draft {
    return this.#drafts.get(key) ?? NO_DRAFT
  }

  #learn(server: DraftSnapshot) {
    const key = keyOf(server.conversationId, server.isNote ? 'note' : 'reply')
    // While a save is under way its answer tells more than this, which may be older.
    if (this.#saving.has(key)) return
    const local = this.#of(key)
    const { draft, replaced } = mergeDraft(local, server)
    if (draft !== local) this.#keep(key, draft)
    if (replaced !== null && replaced !== this.#sent.get(key)) this.#offer(key, replaced)
  }

  /** What was saved and is listed no more was sent or thrown away elsewhere; unless it was written on since the list was asked for. */
  #dropUnlisted(before: ReadonlyMap<string, Draft>, listed: readonly DraftSnapshot[]) {
    const keys = new Set(listed.map((draft) => keyOf(draft.conversationId, draft.isNote ? 'note' : 'reply')))
    for (const [key, draft] of before)
      if (draft.isSaved && !keys.has(key) && this.#of(key) === draft) this.#keep(key, { ...draft, text: '' })
  }

  #saveAfter(key: string, ms: number) {
    clearTimeout(this.#timers.get(key))
    this.#timers.set(
      key,
      setTimeout(() => void this.#save(key), ms),
    )
  }

  #save(key: string): Promise<void> {
    clearTimeout(this.#timers.get(key))
    const saving = this.#saving.get(key) ?? this.#saveOnce(key).finally(() => this.#saving.delete(key))
    this.#saving.set(key, saving)
    return saving
  }

  async #saveOnce(key: string): Promise<void> {
    for (let draft = this.#of(key); !draft.isSaved; draft = this.#of(key)) {
      const { text, quotedMessageId, version } = draft
      const { conversationId, kind } = placeOf(key)
      this.#sent.set(key, text)
      try {
        const isNote = kind === 'note'
        const answer = await this.calls.save.mutate({
          conversationId,
          body: text,
          isNote,
          quotedMessageId,
          version,
        })
        this.#keep(key, afterSave(this.#of(key), draft, answer.draft.version))
        if (answer.replaced) this.#offer(key, answer.replaced.body)
      } catch (error) {
        // What the server does not take, as from somebody who sees the conversation no more, stays on this device.
        if (isPassing(error)) this.#saveAfter(key, SAVE_AGAIN_MS)
        return
      }
    }
  }

  #offer(key: string, words: string) {
    if (words.trim() !== '') this.#replaced = new Map(this.#replaced).set(key, words)
  }

  #keep(key: string, draft: Draft) {
    this.#hold(key, draft)
    if (!this.#isCleared) this.store.write(key, draft.isSaved && draft.text === '' ? null : draft)
  }

  /** An empty one stays in memory: an older answer that still comes does not bring back what was sent. */
  #hold(key: string, draft: Draft) {
    this.#drafts = new Map(this.#drafts).set(key, draft)
  }
}

const keyOf = (conversationId: string, kind: DraftKind) => `${conversationId}:${kind}`

function placeOf(key: string): { conversationId: string; kind: DraftKind } {
  const [conversationId = '', kind] = key.split(':')
  return { conversationId, kind: kind === 'note' ? 'note' : 'reply' }
}
