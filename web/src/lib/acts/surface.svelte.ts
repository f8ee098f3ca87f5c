/** The lists that the palette can show: everything, or one thing to choose. */
export type PaletteList = 'all' | 'assign' | 'snooze' | 'labels' | 'canned' | 'theme' | 'language'

const ROW = '[data-conversation]'

/** What stands above the inbox, and how acts reach the page: they know no component and no router. */
export class Surface {
  #palette = $state.raw<PaletteList | null>(null)
  #early: string[] = []
  #press: ((key: string) => void) | null = null
  isKeysSheetOpen = $state(false)
  /** Whether something else stands where the list and the thread stand. */
  isAway = $state.raw(false)

  /** Goes to an address of the inbox. */
  go: (path: string) => unknown = () => {}

  get palette(): PaletteList | null {
    return this.#palette
  }

  /** Opens the palette; null: closes it. */
  open(list: PaletteList | null) {
    if (this.#palette === null) this.#early = []
    if (list === null) this.#press = null
    this.#palette = list
  }

  /** Somebody types on while the palette is still on its way: that is meant for it. */
  pressEarly(key: string) {
    if (this.#press) this.#press(key)
    else this.#early.push(key)
  }

  /** The palette is here. */
  takePresses(press: (key: string) => void) {
    this.#press = press
    for (const key of this.#early.splice(0)) press(key)
  }

  showKeys() {
    this.isKeysSheetOpen = true
  }

  /** Whether the page has something that can be pressed now, by a selector. */
  isThere(selector: string): boolean {
    return find(selector) !== null
  }

  /** Presses it as a finger would; a field gets the focus. */
  press(selector: string) {
    const element = find(selector)
    if (element instanceof HTMLTextAreaElement) element.focus()
    else element?.click()
  }

  /** The conversation of the row that has the focus, else of the one that is pointed at. */
  pointedId(): string | null {
    const row = find(`[data-index]:focus-within ${ROW}`) ?? find(`[data-index]:hover ${ROW}`)
    return row?.dataset.conversation ?? null
  }

  /** Puts words where the answer is being written; `gap`: what of them is selected, to be typed over. */
  write(text: string, gap: { start: number; end: number } | null = null) {
    const field = find('[data-composer]')
    if (!(field instanceof HTMLTextAreaElement)) return
    const start = field.selectionStart
    field.focus()
    field.setRangeText(text, start, field.selectionEnd, 'end')
    if (gap) field.setSelectionRange(start + gap.start, start + gap.end)
    field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText', data: text }))
  }
}

/** The first that is shown and not switched off: a phone hides what a desk shows. */
function find(selector: string): HTMLElement | null {
  const all = [...document.querySelectorAll<HTMLElement>(selector)]
  return all.find((one) => !one.matches(':disabled') && one.checkVisibility()) ?? null
}
