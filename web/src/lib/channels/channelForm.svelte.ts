import type { ChannelSnapshot } from '../../../../server/inbox/snapshot.ts'
import { troubleOf } from '../api/refusal.ts'
import type { ChannelChanges, Channels } from '../inbox/channels.svelte.ts'

export type ReadReceipts = ChannelSnapshot['readReceipts']
export type Visibility = ChannelSnapshot['visibility']

const LONGEST_NAME = 60
const LONGEST_WORD = 40
const MOST_WORDS = 50

/** The settings of a channel while somebody changes them. What is not touched follows what a colleague saves meanwhile. */
export class ChannelForm {
  #changes = $state.raw<ChannelChanges>({})
  #isSaving = $state.raw(false)
  #isSaved = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  /** The stop word that is being typed. */
  word = $state('')

  constructor(
    private readonly channels: Channels,
    private readonly channel: () => ChannelSnapshot,
  ) {}

  get name(): string {
    return this.#changes.name ?? this.channel().name
  }
  set name(name: string) {
    this.#change({ name })
  }

  get readReceipts(): ReadReceipts {
    return this.#changes.readReceipts ?? this.channel().readReceipts
  }
  set readReceipts(readReceipts: ReadReceipts) {
    this.#change({ readReceipts })
  }

  get throughputPerSecond(): number {
    return this.#changes.throughputPerSecond ?? this.channel().throughputPerSecond
  }
  set throughputPerSecond(throughputPerSecond: number) {
    this.#change({ throughputPerSecond })
  }

  get visibility(): Visibility {
    return this.#changes.visibility ?? this.channel().visibility
  }
  set visibility(visibility: Visibility) {
    this.#change({ visibility })
  }

  /** In days, as a list of choices has it; '': for ever. */
  get retention(): string {
    const { retentionDays = this.channel().retentionDays } = this.#changes
    return retentionDays === null ? '' : String(retentionDays)
  }
  set retention(days: string) {
    this.#change({ retentionDays: days === '' ? null : Number(days) })
  }

  get stopWords(): readonly string[] {
    return this.#changes.stopWords ?? this.channel().stopWords
  }

  get nameTrouble(): string | null {
    const length = this.name.trim().length
    if (length === 0) return 'Give it a name that your team knows.'
    return length > LONGEST_NAME ? `A name has up to ${LONGEST_NAME} characters.` : null
  }

  get wordTrouble(): string | null {
    if (this.word.trim().length > LONGEST_WORD) return `A word has up to ${LONGEST_WORD} characters.`
    return this.stopWords.length >= MOST_WORDS ? `There can be up to ${MOST_WORDS} words.` : null
  }

  addWord() {
    const word = this.word.trim().toUpperCase()
    if (word === '' || this.wordTrouble) return
    if (!this.stopWords.includes(word)) this.#change({ stopWords: [...this.stopWords, word] })
    this.word = ''
  }

  removeWord(word: string) {
    this.#change({ stopWords: this.stopWords.filter((one) => one !== word) })
  }

  get isChanged(): boolean {
    const saved = this.channel()
    return (
      this.name.trim() !== saved.name ||
      this.readReceipts !== saved.readReceipts ||
      this.visibility !== saved.visibility ||
      this.retention !== String(saved.retentionDays ?? '') ||
      this.throughputPerSecond !== saved.throughputPerSecond ||
      this.stopWords.join('\n') !== saved.stopWords.join('\n')
    )
  }

  get canSave(): boolean {
    return this.isChanged && this.nameTrouble === null && !this.#isSaving
  }

  get isSaving(): boolean {
    return this.#isSaving
  }

  /** Until the next change. */
  get isSaved(): boolean {
    return this.#isSaved
  }

  get trouble(): string | null {
    return this.#trouble
  }

  discard() {
    this.#changes = {}
    this.word = ''
    this.#trouble = null
  }

  async save(): Promise<void> {
    this.addWord()
    if (!this.canSave) return
    this.#isSaving = true
    this.#trouble = null
    const changes = this.#changes
    try {
      await this.channels.update(this.channel().id, changes)
      // What was typed while the answer was on its way stays.
      if (this.#changes === changes) this.#changes = {}
      this.#isSaved = !this.isChanged
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
    this.#isSaving = false
  }

  #change(changes: ChannelChanges) {
    this.#changes = { ...this.#changes, ...changes }
    this.#isSaved = false
  }
}
