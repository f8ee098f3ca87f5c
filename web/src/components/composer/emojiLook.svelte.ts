import { emojiLike } from '#lib/emoji/emoji.ts'
import type { EmojiBook } from '#lib/emoji/emojiBook.svelte.ts'
import type { EmojiChoice } from '#lib/emoji/emojiChoice.svelte.ts'

export type Cell = { character: string; name: string }

const RECENT = 'Recent'
const MOST_FOUND = 80
const COLUMNS = 8

/** What of all emoji is shown, and which one is meant: one group at a time, or what a search finds. */
export class EmojiLook {
  #query = $state.raw('')
  #group = $state.raw<string | null>(null)
  #index = $state.raw(0)
  #isSearch = $derived(this.#query.trim() !== '')
  #shown: readonly Cell[] = $derived(this.#cells())

  readonly columns = COLUMNS

  constructor(
    private readonly from: () => { book: EmojiBook; choice: EmojiChoice },
    private readonly took: (character: string, stays: boolean) => void,
  ) {}

  get query(): string {
    return this.#query
  }

  set query(query: string) {
    this.#query = query
    this.#index = 0
  }

  /** Recent ones, when there are any, then those of the list. */
  get groups(): readonly string[] {
    const { book, choice } = this.from()
    return [...(choice.recent.length > 0 ? [RECENT] : []), ...book.groups.map(({ name }) => name)]
  }

  get group(): string {
    return this.#group ?? this.groups[0] ?? ''
  }

  get title(): string {
    return this.#isSearch ? 'Found' : this.group
  }

  get shown(): readonly Cell[] {
    return this.#shown
  }

  get index(): number {
    return this.#index
  }

  get active(): Cell | null {
    return this.#shown[this.#index] ?? null
  }

  /** Why nothing is shown. */
  get reason(): string {
    if (this.from().book.hasFailed)
      return 'The emoji could not be loaded. Check your connection, then open this again.'
    return this.#isSearch && this.from().book.all.length > 0 ? 'No emoji is called that.' : 'Loading…'
  }

  show(group: string) {
    this.#group = group
    this.#index = 0
  }

  point(index: number) {
    this.#index = index
  }

  take(index: number, stays: boolean) {
    const cell = this.#shown[index]
    if (!cell) return
    this.from().choice.took(cell.character)
    this.took(cell.character, stays)
  }

  key(event: KeyboardEvent) {
    const { key, target } = event
    if (key === 'Enter' && target instanceof HTMLInputElement) {
      event.preventDefault()
      return this.take(this.#index, event.shiftKey)
    }
    const step = this.#steps[key]
    const isInText = this.#isSearch && (key === 'ArrowLeft' || key === 'ArrowRight')
    if (step === undefined || !(target instanceof HTMLInputElement) || isInText) return
    event.preventDefault()
    this.#index = Math.max(0, Math.min(this.#shown.length - 1, this.#index + step))
  }

  readonly #steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: COLUMNS,
    ArrowUp: -COLUMNS,
  }

  #cells(): Cell[] {
    const { book, choice } = this.from()
    if (!this.#isSearch && this.group === RECENT)
      return choice.recent.map((character) => ({ character, name: nameOf(book, character) }))
    const found = this.#isSearch
      ? emojiLike(this.#query, book.all, MOST_FOUND)
      : (book.groups.find(({ name }) => name === this.group)?.emoji ?? [])
    return found.map((emoji) => ({ character: choice.shown(emoji), name: emoji.name }))
  }
}

const nameOf = (book: EmojiBook, character: string) =>
  book.all.find((emoji) => emoji.character === character)?.name ?? character
