import MagicString from 'magic-string'

/** A sentence of the source, `{0}` where a value goes, `<0>…</0>` around what stands in an element of its own. */
export type Found = { text: string; line: number; values: string[] }

/** One file being read: what was found in it, and the edits that make it ask the catalogue. */
export class Reading {
  readonly found: Found[] = []
  readonly edits: MagicString
  #hoisted = new Map<string, string>()
  #isUsed = false
  #depth = 0

  constructor(
    private readonly source: string,
    private readonly lineOf: (offset: number) => number,
    /** Whether fixed sentences become constants of the module, so that Svelte does not watch over them. */
    private readonly hoists: boolean,
  ) {
    this.edits = new MagicString(source)
  }

  /** The call that gives this sentence in the language of the page. `english`: without what tells its meaning. */
  call(text: string, start: number, values: string[] = [], shown = values, english = text): string {
    this.#note(text, start, shown)
    const told = [JSON.stringify(english), ...(text === english ? values : [JSON.stringify(text)])]
    const call = `${text === english ? '_w' : '_m'}(${told.join(',')})`
    if (!this.hoists || values.length > 0) return call
    const name = this.#hoisted.get(call) ?? `_w${this.#hoisted.size}`
    this.#hoisted.set(call, name)
    return name
  }

  /** The call that gives it in pieces: texts, and the numbers of elements with the pieces in them. */
  pieces(text: string, start: number, values: string[], shown: string[]): string {
    this.#note(text, start, shown)
    return `_p(${[JSON.stringify(text), ...values].join(',')})`
  }

  /** A name that nothing else in this file has. */
  pieceName(): string {
    return `_p${this.#depth++}`
  }

  /** The source between two places, with the edits made so far. */
  slice(start: number, end: number): string {
    return this.edits.slice(start, end)
  }

  original(start: number, end: number): string {
    return this.source.slice(start, end)
  }

  /** What must stand at the head of the module; '' when nothing was found. */
  get head(): string {
    if (!this.#isUsed) return ''
    const constants = [...this.#hoisted].map(([call, name]) => `const ${name}=${call};`)
    return `import{w as _w,meant as _m,pieces as _p}from'#lib/words/words.ts';${constants.join('')}`
  }

  #note(text: string, start: number, values: string[]): void {
    this.#isUsed = true
    this.found.push({ text, line: this.lineOf(start), values })
  }
}
