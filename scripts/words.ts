import { readFileSync } from 'node:fs'
import { LANGUAGES, readCatalogue } from '../web/words/catalogue.ts'
import { sentencesOf } from '../web/words/sentences.ts'
import { keep, takeBack } from './words/takeBack.ts'
import { untranslated } from './words/untranslated.ts'

/**
 *     bun run words                 lists the sentences that lack a language, as JSON with empty places to fill
 *     bun run words --take <file>   takes such a list back, filled in
 *     bun run words --tidy          throws out what the app says no more
 */
const sentences = sentencesOf()
const known = new Set(sentences.keys())
const [command, file] = process.argv.slice(2)

if (command === '--take' && file) {
  const { taken, wrong } = takeBack(JSON.parse(readFileSync(file, 'utf8')), known)
  for (const fault of wrong) console.error(fault)
  const left = Object.keys(untranslated(sentences)).length
  console.error(
    `${taken} translations taken, ${wrong.length} refused; ${left} of ${known.size} sentences still lack one.`,
  )
  process.exit(wrong.length === 0 ? 0 : 1)
} else if (command === '--tidy') {
  for (const language of LANGUAGES) keep(language, readCatalogue(language), known)
} else {
  console.log(JSON.stringify(untranslated(sentences), null, 2))
}
