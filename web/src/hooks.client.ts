import ar from 'virtual:words/ar'
import de from 'virtual:words/de'
import es from 'virtual:words/es'
import ptBR from 'virtual:words/pt-BR'
import { pageLanguage } from '#lib/words/language.ts'
import { speak } from '#lib/words/words.ts'

/** Where each catalogue lies: whoever reads German loads the German one, and whoever reads English loads none. */
const CATALOGUES = { ar, de, es, 'pt-BR': ptBR }

/** SvelteKit waits for this before it loads a page. Where the words cannot be had, the app speaks English rather than not at all. */
export async function init(): Promise<void> {
  const language = pageLanguage()
  if (language === 'en') return
  try {
    const response = await fetch(CATALOGUES[language])
    speak(await response.json())
  } catch {
    document.documentElement.lang = 'en'
    document.documentElement.dir = 'ltr'
  }
}
