import type { Plugin } from 'vite'
import { catalogueFile, compiled, LANGUAGES } from './catalogue.ts'
import { readSource } from './readSource.ts'
import { hasWords, sentencesOf } from './sentences.ts'

const CATALOGUE = 'virtual:words/'

/**
 * Makes the app speak other languages: takes the English sentences out of components and programs as they are built, and
 * offers each language's catalogue as a module of its own, `virtual:words/de`, which is loaded only by who reads it.
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
      return compiled(language, sentences)
    },
    transform(code, id) {
      if (!hasWords(id)) return null
      const { reading } = readSource(id, code)
      if (reading.head === '') return null
      return { code: reading.edits.toString(), map: reading.edits.generateMap({ hires: 'boundary' }) }
    },
  }
}
