import { keyOf } from './keyOf.ts'
import { pageLanguage, pageLocale } from './language.ts'

/** A sentence with a count in it: which value decides, and the sentence for each form that the language has. */
type Plural = { count: number } & Partial<Record<Intl.LDMLPluralRule, string>>
type Translation = string | Plural
type Value = string | number | null | undefined

/** A piece of a sentence with elements in it: text, or the element number `i` with the pieces `c` in it. */
export type Piece = { t: string; i: -1; c: readonly Piece[] } | { t: ''; i: number; c: readonly Piece[] }

const PLACE = /\{(\d+)\}/g
const ELEMENT = /<(\d+)>(.*?)<\/\1>|<(\d+)\/>/s
/** Marks that let a name in another script stand in a sentence without turning it round. */
const [ISOLATE, END_OF_ISOLATE] = ['\u2068', '\u2069']

/** Null: the page is in English. */
let catalogue: Record<string, Translation> | null = null
let plurals = new Intl.PluralRules('en')
let isIsolating = false

/** Before anything else of the app is loaded: tables of words are made when their module is. */
export function speak(translations: Record<string, Translation> | null): void {
  catalogue = translations
  plurals = new Intl.PluralRules(pageLocale())
  isIsolating = pageLanguage() === 'ar'
}

/** The sentence in the language of the page. The build writes these calls; nobody else does (`web/words/`). */
export function w(english: string, ...values: Value[]): string {
  const said = translated(english, english, values)
  return values.length === 0 ? said : said.replace(PLACE, (_, index) => filled(values[Number(index)]))
}

/** A sentence with elements in it, as pieces in the order of the language. */
export function pieces(english: string, ...values: Value[]): Piece[] {
  return piecesOf(w(english, ...values))
}

/** A word that English has for two things. `told` says which. */
export function meant(english: string, told: string): string {
  return translated(told, english, [])
}

/**
 * Marks a string as words where that cannot be seen: `say('just now')`; sentences and capitals need no mark. `meaning` tells
 * apart what only English says alike: `say('Read', 'what a program may do')`.
 */
export function say(words: string, _meaning?: string): string {
  return words
}

function translated(told: string, english: string, values: Value[]): string {
  if (catalogue === null) return english
  const found = catalogue[keyOf(told)]
  if (typeof found !== 'object') return found ?? english
  return found[plurals.select(Number(values[found.count]))] ?? found.other ?? english
}

function filled(value: Value): string {
  const text = String(value ?? '')
  return isIsolating && text !== '' ? ISOLATE + text + END_OF_ISOLATE : text
}

function piecesOf(text: string): Piece[] {
  const found = ELEMENT.exec(text)
  if (!found) return text === '' ? [] : [plain(text)]
  const element: Piece = { t: '', i: Number(found[1] ?? found[3]), c: piecesOf(found[2] ?? '') }
  const before = text.slice(0, found.index)
  return [
    ...(before === '' ? [] : [plain(before)]),
    element,
    ...piecesOf(text.slice(found.index + found[0].length)),
  ]
}

const plain = (text: string): Piece => ({ t: text, i: -1, c: [] })
