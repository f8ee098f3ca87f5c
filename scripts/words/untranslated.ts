import { type Catalogue, LANGUAGES, type Language, readCatalogue } from '../../web/words/catalogue.ts'
import { type Place, sentencesOf } from '../../web/words/sentences.ts'

/** A sentence that lacks a language, with what a translator must know; the empty places are theirs to fill. */
export type Untranslated = { at: string[]; values?: string[] } & Partial<Record<Language, unknown>>

/** All sentences of the app that some language lacks, by the English. */
export function untranslated(
  sentences: Map<string, Place[]> = sentencesOf(),
  catalogueOf: (language: Language) => Catalogue = readCatalogue,
): Record<string, Untranslated> {
  const catalogues = LANGUAGES.map((language) => ({ language, known: catalogueOf(language) }))
  const missing: Record<string, Untranslated> = {}
  for (const [text, places] of sentences) {
    const lacking = catalogues.filter(({ known }) => known[text] === undefined)
    if (lacking.length === 0) continue
    const values = places[0]?.values ?? []
    missing[text] = {
      at: places.map(({ file, line }) => `${file}:${line}`),
      ...(values.length > 0 && { values }),
      ...Object.fromEntries(lacking.map(({ language }) => [language, ''])),
    }
  }
  return missing
}
