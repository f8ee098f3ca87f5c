/** Scripts that put no space between words: each sign counts as one. */
const SPACELESS = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}`
const WORD = new RegExp(String.raw`[${SPACELESS}]\p{M}*|[[\p{L}\p{N}\p{M}]--[${SPACELESS}]]+`, 'gv')

/** Accents, and the short vowels of Arabic, which hardly anybody types. */
const DIACRITICS = /[\u0300-\u036f\u064b-\u0652]/g

/** Longer ones are pasted keys and addresses, of which people search the beginning. */
const LONGEST_WORD = 60
/** So that `@@` can look a number up by any of its ends. */
const SHORTEST_END = 3

export type PlacedWord = { word: string; start: number; end: number }

/**
 * The words of a text, as they are looked for, with where they stand. Done here and not by Postgres, whose idea of letters and
 * of lower case goes by the locale that a database was made with; so index, search and highlighting agree in every language.
 */
export function wordsIn(text: string): PlacedWord[] {
  return [...text.matchAll(WORD)].map(({ 0: found, index }) => ({
    word: folded(found).slice(0, LONGEST_WORD),
    start: index,
    end: index + found.length,
  }))
}

/** The different words of a text. */
export function distinctWords(...texts: (string | null)[]): string[] {
  const words = texts.flatMap((text) => (text === null ? [] : wordsIn(text).map((one) => one.word)))
  return [...new Set(words)].filter((word) => word !== '')
}

/** A phone number from each of its digits on: whoever knows its last four digits finds it. */
export function endsOfNumber(phone: string | null): string[] {
  const digits = phone?.replace(/\D/g, '') ?? ''
  const count = Math.max(0, digits.length - SHORTEST_END + 1)
  return Array.from({ length: count }, (_, index) => digits.slice(index))
}

const folded = (text: string) => text.normalize('NFKD').replace(DIACRITICS, '').toLowerCase()

/** The text of a `tsquery` that finds what has all these words, or words that begin with them; null for none. */
export function queryOf(words: readonly string[]): string | null {
  if (words.length === 0) return null
  return words.map((word) => `'${word.replace(/['\\]/g, (sign) => sign + sign)}':*`).join(' & ')
}
