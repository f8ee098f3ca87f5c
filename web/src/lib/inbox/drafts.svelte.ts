import type { DraftSnapshot } from '../../../../server/inbox/drafts.ts'
import type { Api } from '../api/client.ts'
import { isPassing } from '../api/refusal.ts'
import { type Draft, type DraftKind, mergeDraft, NO_DRAFT } from '../composing/draftMerge.ts'
import { DraftSaver, draftKey, draftPlace } from '../composing/draftSaver.ts'
import type { DraftStore } from '../composing/draftStore.ts'

/** As many as `drafts.list` gives: one that is not in a full list may still exist. */
const MOST_LISTED = 500

/**
 * What was written and not sent, by conversation, an answer and a note in each. On the device at once, so a reload or a closed tab
 * costs nothing; on the server a moment later, so it is there on the agent's other devices. Offline it waits.
 */
export class Drafts {
  #drafts = $state.raw<ReadonlyMap<string, Draft>>(new Map())
  #replaced = $state.raw<ReadonlyMap<string, string>>(new Map())
  #saver: DraftSaver
  #unlisten: () => void
  #isCleared = false

  constructor(
    private readonly calls: Api['drafts'],
    private readonly store: DraftStore,
  ) {
    this.#drafts = new Map(store.all())
    this.#unlisten = store.listen((key, draft) => this.#hold(key, draft ?? emptied(this.#of(key))))
    this.#saver = new DraftSaver({
      save: (draft) => calls.save.mutate(draft),
      isPassing,
      draft: (place) => this.#of(draftKey(place)),
      keep: (place, draft) => this.#keep(draftKey(place), draft),
      replaced: (place, words) => this.#offer(draftKey(place), words),
    })
  }

  /** The words that a row of the list shows: the answer that was begun, else the note. */
  of(conversationId: string): string {
    return this.text(conversationId, 'reply') || this.text(conversationId, 'note')
  }

  text(conversationId: string, kind: DraftKind): string {
    return this.#of(draftKey({ conversationId, kind })).text
  }

  quotedMessageId(conversationId: string): string | null {
    return this.#of(draftKey({ conversationId, kind: 'reply' })).quotedMessageId
  }

  /** What another device had written here, which gave way to what stands here. */
  replaced(conversationId: string, kind: DraftKind): string | null {
    return this.#replaced.get(draftKey({ conversationId, kind })) ?? null
  }

  dismissReplaced(conversationId: string, kind: DraftKind) {
    const replaced = new Map(this.#replaced)
    replaced.delete(draftKey({ conversationId, kind }))
    this.#replaced = replaced
  }

  set(conversationId: string, kind: DraftKind, text: string, quotedMessageId: string | null = null) {
    const key = draftKey({ conversationId, kind })
    const draft = this.#of(key)
    if (draft.text === text && draft.quotedMessageId === quotedMessageId) return
    this.#keep(key, { ...draft, text, quotedMessageId, isSaved: false })
    this.#saver.soon({ conversationId, kind })
  }

  /** Neither here nor on the device: its conversation was erased. */
  forgetConversation(conversationId: string) {
    for (const kind of ['reply', 'note'] as const) {
      const key = draftKey({ conversationId, kind })
      if (this.#drafts.has(key)) this.#keep(key, { ...emptied(this.#of(key)), isSaved: true })
      this.dismissReplaced(conversationId, kind)
    }
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
    void this.saveAll()
  }

  /** Done when everything is saved, or could not be. */
  async saveAll(): Promise<void> {
    const unsaved = [...this.#drafts].filter(([, draft]) => !draft.isSaved)
    await Promise.all(unsaved.map(([key]) => this.#saver.save(draftPlace(key))))
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
    this.#saver.stop()
  }

  #of(key: string): Draft {
    return this.#drafts.get(key) ?? NO_DRAFT
  }

  #learn(server: DraftSnapshot) {
    const place = placeOf(server)
    if (this.#saver.isSaving(place)) return
    const key = draftKey(place)
    const local = this.#of(key)
    const { draft, replaced } = mergeDraft(local, server)
    if (draft !== local) this.#keep(key, draft)
    if (replaced !== null && !this.#saver.wasSent(place, replaced)) this.#offer(key, replaced)
  }

  /** What was saved and is listed no more was sent or thrown away elsewhere; unless it was written on since the list was asked for. */
  #dropUnlisted(before: ReadonlyMap<string, Draft>, listed: readonly DraftSnapshot[]) {
    const keys = new Set(listed.map((draft) => draftKey(placeOf(draft))))
    for (const [key, draft] of before)
      if (draft.isSaved && !keys.has(key) && this.#of(key) === draft) this.#keep(key, emptied(draft))
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

const emptied = (draft: Draft): Draft => ({ ...draft, text: '', quotedMessageId: null })

const placeOf = ({ conversationId, isNote }: DraftSnapshot) => ({
  conversationId,
  kind: isNote ? ('note' as const) : ('reply' as const),
})
