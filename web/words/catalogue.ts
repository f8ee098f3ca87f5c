import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyOf } from '../src/lib/words/keyOf.ts'

/** The languages besides English, which stands in the source. Each has its file in `web/languages/`. */
export const LANGUAGES = ['ar', 'de', 'es', 'pt-BR'] as const
export type Language = (typeof LANGUAGES)[number]

/** A sentence with a count in it: which value decides, and the sentence for each form that the language has. */
export type Plural = { count: number } & Partial<Record<Intl.LDMLPluralRule, string>>
export type Translation = string | Plural
/** By the English sentence. */
export type Catalogue = Record<string, Translation>

export const catalogueFile = (language: string) =>
  join(import.meta.dirname, '../languages', `${language}.json`)

export function readCatalogue(language: string): Catalogue {
  return JSON.parse(readFileSync(catalogueFile(language), 'utf8')) as Catalogue
}

/** As the browser loads it: by the short key, and only what the source still says. */
export function compiled(language: string, sentences: ReadonlySet<string> | null): string {
  const entries = Object.entries(readCatalogue(language)).filter(([text]) => sentences?.has(text) ?? true)
  return JSON.stringify(Object.fromEntries(entries.map(([text, said]) => [keyOf(text), said])))
}
