import { pageLanguage } from '#lib/words/language.ts'
import { speak } from '#lib/words/words.ts'

/** Each is a file of its own: whoever reads German loads German, and whoever reads English loads nothing. */
const CATALOGUES = {
  es: () => import('virtual:words/es'),
  'pt-BR': () => import('virtual:words/pt-BR'),
  de: () => import('virtual:words/de'),
  ar: () => import('virtual:words/ar'),
}

/** SvelteKit waits for this before it loads a page. Without a network the app speaks English rather than not at all. */
export async function init(): Promise<void> {
  const language = pageLanguage()
  if (language === 'en') return
  try {
    speak((await CATALOGUES[language]()).default)
  } catch {
    document.documentElement.lang = 'en'
    document.documentElement.dir = 'ltr'
  }
}
