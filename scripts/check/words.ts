import { keyOf } from '../../web/src/lib/words/keyOf.ts'
import { LANGUAGES, readCatalogue } from '../../web/words/catalogue.ts'
import { type Place, sentencesOf } from '../../web/words/sentences.ts'
import { wrongTranslation } from '../words/wrongTranslation.ts'
import type { Finding } from './finding.ts'

/**
 * What lacks a translation or is said no more: told and counted, and not yet counted as wrong while several branches add
 * sentences at once. True again when they are in one.
 */
const MUST_BE_WHOLE = false

/**
 * Every sentence of the web has its translation in every language, and no catalogue speaks of what the app says no more.
 * `bun run words` lists what is missing with its places, and takes it back filled in.
 */
export function wordFindings(sentences = sentencesOf()): Finding[] {
  const wrong = [...sameKeys(sentences), ...LANGUAGES.flatMap((language) => wrongIn(language, sentences))]
  return MUST_BE_WHOLE ? [...wrong, ...unevenWords(sentences)] : wrong
}

/** Sentences without a translation, and translations without a sentence. */
export function unevenWords(sentences = sentencesOf()): Finding[] {
  return LANGUAGES.flatMap((language) => {
    const catalogue = readCatalogue(language)
    const missing = [...sentences].filter(([text]) => catalogue[text] === undefined)
    const stale = Object.keys(catalogue).filter((text) => !sentences.has(text))
    return [
      ...missing.map(([text, places]) => ({
        ...placeOf(places),
        message: `“${text}” is not translated to ${language} (bun run words)`,
      })),
      ...stale.map((text) => ({
        file: `web/languages/${language}.json`,
        line: 1,
        message: `“${text}” is said no more (bun run words --tidy)`,
      })),
    ]
  })
}

/** Two sentences that a compiled catalogue could not tell apart. */
function sameKeys(sentences: Map<string, Place[]>): Finding[] {
  const known = new Map<string, string>()
  return [...sentences].flatMap(([text, places]) => {
    const other = known.get(keyOf(text))
    known.set(keyOf(text), text)
    if (!other) return []
    return [{ ...placeOf(places), message: `“${text}” has the short key of “${other}”: change a word` }]
  })
}

function wrongIn(language: (typeof LANGUAGES)[number], sentences: Map<string, Place[]>): Finding[] {
  return Object.entries(readCatalogue(language)).flatMap(([text, said]) => {
    const fault = sentences.has(text) ? wrongTranslation(language, text, said) : null
    return fault ? [{ file: `web/languages/${language}.json`, line: 1, message: `“${text}” ${fault}` }] : []
  })
}

function placeOf(places: Place[]): { file: string; line: number } {
  const [first] = places
  return first ? { file: first.file, line: first.line } : { file: 'web/src', line: 0 }
}
