import { tick } from 'svelte'
import { actedOn } from '../acts/actedOn.ts'
import { allActs } from '../acts/allActs.ts'
import type { PaletteList } from '../acts/surface.svelte.ts'
import type { Trouble } from '../api/refusal.ts'
import type { Session } from '../inbox/session.svelte.ts'
import { Search } from '../search/search.svelte.ts'
import { aboutInWords, CHOICES } from './choices.ts'
import type { Entry } from './entry.ts'
import { foundEntries, knownEntries } from './foundEntries.ts'
import { grouped, rank } from './rank.ts'
import { keptRecent, usedNow } from './recent.ts'

/** Fewer letters fit too much. */
const FEWEST_LETTERS = 2
const FOUND_AT_ONCE = 6
const ABOUT_NOTHING: readonly PaletteList[] = ['all', 'theme', 'language']

/** The palette while it is open: what is typed, what fits it, and what happens when something is chosen. */
export class Palette {
  #text = $state('')
  #marked = $state.raw('')
  #kept = keptRecent()
  #recent: readonly string[] = this.#kept.read() ?? []
  #search: Search
  #hasChosen = false
  /** Of when it was opened: what is chosen is about these, whatever happens behind it. */
  readonly #ids: readonly string[]
  #list = $derived.by(() => this.session.surface.palette ?? 'all')
  #entries = $derived(
    rank(this.#offered(), this.#text, this.#list === 'all' ? this.#recent : [], 'Used last'),
  )

  #groups = $derived(grouped(this.#entries))
  /** As they stand below each other. */
  #shown = $derived(this.#groups.flatMap(([, entries]) => entries))

  constructor(private readonly session: Session) {
    this.#ids = actedOn(session)
    this.#search = new Search(session.api, FOUND_AT_ONCE)
    session.surface.takePresses((key) => {
      if (!this.press(key) && key.length === 1) this.text += key
    })
  }

  get text(): string {
    return this.#text
  }

  set text(text: string) {
    this.#text = text
    this.#marked = ''
    const isSought = this.#list === 'all' && text.trim().length >= FEWEST_LETTERS
    this.#search.seek({ text: isSought ? text.trim() : '', among: 'all', conversationId: null })
  }

  /** The entry that Enter chooses: the first, until somebody moves on. */
  get marked(): Entry | null {
    return this.#shown.find(({ id }) => id === this.#marked) ?? this.#shown[0] ?? null
  }

  mark({ id }: Entry) {
    this.#marked = id
  }

  /** What the field does with a key; false: it is typed. */
  press(key: string): boolean {
    const step = { ArrowDown: 1, ArrowUp: -1 }[key]
    if (step) this.#move(step)
    else if (key === 'Enter' && this.marked) void this.choose(this.marked)
    else if (key === 'Backspace' && this.#text === '' && this.canGoBack) this.back()
    else return false
    return true
  }

  get groups(): [group: string, entries: Entry[]][] {
    return this.#groups
  }

  get asks(): string {
    return this.#list === 'all' ? 'What would you like to do, or to find?' : CHOICES[this.#list].asks
  }

  /** What the choice will be about; null: it is about nothing in particular. */
  get about(): string | null {
    return ABOUT_NOTHING.includes(this.#list) ? null : aboutInWords(this.session, this.#ids)
  }

  get isLoading(): boolean {
    if (this.#list === 'all') return this.#search.isBusy
    return CHOICES[this.#list].isLoading?.(this.session) ?? false
  }

  get trouble(): Trouble | null {
    if (this.#list === 'all') return this.#search.trouble
    return CHOICES[this.#list].trouble?.(this.session) ?? null
  }

  /** Below the list; empty: there is nothing to say. */
  get says(): string {
    if (this.trouble) return this.trouble.message
    if (this.isLoading) return 'Looking…'
    return this.#shown.length === 0 ? `Nothing fits “${this.#text}”.` : ''
  }

  /** A list that was chosen from the whole can be left for it. */
  get canGoBack(): boolean {
    return this.#list !== 'all'
  }

  back() {
    this.#text = ''
    this.session.surface.open('all')
  }

  close() {
    this.#search.stop()
    this.session.surface.open(null)
  }

  /** Somebody has chosen, so the focus goes where that leads and not back. */
  get hasChosen(): boolean {
    return this.#hasChosen
  }

  async choose(entry: Entry): Promise<void> {
    if (this.#list === 'all' && !entry.isFound) this.#kept.write(usedNow(this.#recent, entry.id))
    this.#text = ''
    if (entry.staysOpen) return entry.run()
    if (entry.opens) return this.session.surface.open(entry.opens)
    this.#hasChosen = true
    this.close()
    // While it is open, the palette keeps the focus to itself.
    await tick()
    entry.run()
  }

  /** Another list is shown. */
  opened() {
    if (this.#list !== 'all') CHOICES[this.#list].want?.(this.session)
  }

  #move(step: number) {
    const count = this.#shown.length
    const at = this.#shown.findIndex(({ id }) => id === this.marked?.id)
    const next = this.#shown[(at + step + count) % Math.max(1, count)]
    if (next) this.mark(next)
  }

  #offered(): Entry[] {
    if (this.#list !== 'all') return CHOICES[this.#list].entries(this.session, this.#ids)
    const text = this.#text.trim()
    const known = text.length < FEWEST_LETTERS ? [] : knownEntries(this.session, text)
    return [...this.#acts(), ...known, ...foundEntries(this.session, this.#search.answer, text, known)]
  }

  #acts(): Entry[] {
    return allActs(this.session.me)
      .filter((act) => !act.isKeyOnly && (act.when?.(this.session, this.#ids) ?? true))
      .map((act) => ({ ...act, run: () => act.run(this.session, this.#ids) }))
  }
}
