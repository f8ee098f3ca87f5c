import type { Plugin } from 'vite'
import { catalogueFile, compiled, LANGUAGES } from './catalogue.ts'
import { readSource } from './readSource.ts'
import { hasWords, sentencesOf } from './sentences.ts'

const CATALOGUE = 'virtual:words/'

/**
 * Makes the app speak other languages: takes the English sentences out of components and programs as they are built, and
 * keeps each language's catalogue in a file of its own, whose address is `virtual:words/de`: only who reads it loads it.
 */
export function words(): Plugin {
  let sentences: ReadonlySet<string> | null = null
  return {
    name: 'baton-words',
    enforce: 'pre',
    configResolved({ command }) {
      sentences = command === 'build' ? new Set(sentencesOf().keys()) : null
    },
    resolveId: (id) => (id.startsWith(CATALOGUE) ? `\0${id}` : null),
    load(id) {
      const language = LANGUAGES.find((known) => id === `\0${CATALOGUE}${known}`)
      if (!language) return null
      this.addWatchFile(catalogueFile(language))
      const source = compiled(language, sentences)
      if (sentences === null) return `export default 'data:application/json,${encodeURIComponent(source)}'`
      const file = this.emitFile({ type: 'asset', name: `words-${language}.json`, source })
      return `export default import.meta.ROLLUP_FILE_URL_${file}`
    },
    transform(code, id) {
      if (!hasWords(id)) return null
      const { reading } = readSource(id, code)
      if (reading.head === '') return null
      return { code: reading.edits.toString(), map: reading.edits.generateMap({ hires: 'boundary' }) }
    },
  }
}
