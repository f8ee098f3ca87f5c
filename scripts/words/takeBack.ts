import { writeFileSync } from 'node:fs'
import {
  type Catalogue,
  catalogueFile,
  LANGUAGES,
  type Language,
  readCatalogue,
  type Translation,
} from '../../web/words/catalogue.ts'
import { wrongTranslation } from './wrongTranslation.ts'

/** Puts what a translator filled in into the catalogues. Gives how many were taken, and what is wrong with the others. */
export function takeBack(
  filled: Record<string, Partial<Record<Language, Translation>>>,
  sentences: ReadonlySet<string>,
): { taken: number; wrong: string[] } {
  const wrong: string[] = []
  let taken = 0
  for (const language of LANGUAGES) {
    const catalogue = readCatalogue(language)
    for (const [english, translations] of Object.entries(filled)) {
      const said = translations[language]
      if (said === undefined || said === '') continue
      const fault = sentences.has(english)
        ? wrongTranslation(language, english, said)
        : 'is no sentence of the app'
      if (fault) wrong.push(`${language}: “${english}” ${fault}`)
      else {
        catalogue[english] = said
        taken++
      }
    }
    keep(language, catalogue, sentences)
  }
  return { taken, wrong }
}

/** Sorted, a line for each sentence, so that two branches can both add some; without what the app says no more. */
export function keep(language: Language, catalogue: Catalogue, sentences: ReadonlySet<string>): void {
  const entries = Object.entries(catalogue).filter(([english]) => sentences.has(english))
  const lines = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([english, said]) => `  ${JSON.stringify(english)}: ${JSON.stringify(said)}`)
  writeFileSync(catalogueFile(language), `{\n${lines.join(',\n')}\n}\n`)
}
