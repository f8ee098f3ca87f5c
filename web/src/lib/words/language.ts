/** The languages that the inbox speaks, each in its own name. */
export const LANGUAGES = [
  { tag: 'en', name: 'English' },
  { tag: 'es', name: 'Español' },
  { tag: 'pt-BR', name: 'Português (Brasil)' },
  { tag: 'de', name: 'Deutsch' },
  { tag: 'ar', name: 'العربية' },
] as const
export type Language = (typeof LANGUAGES)[number]['tag']

/** `system`: the first of the browser's languages that the inbox speaks. */
export type LanguageChoice = Language | 'system'

/** The same key, and the same choice, as in the script of app.html, which runs before the first paint. */
const KEY = 'baton:language'

/** What this page is in. The script of app.html has said so on the page's root; where there is no page, it is English. */
export function pageLanguage(): Language {
  const tag = globalThis.document?.documentElement.lang
  return LANGUAGES.find((known) => known.tag === tag)?.tag ?? 'en'
}

export function languageChoice(): LanguageChoice {
  try {
    const kept = localStorage.getItem(KEY)
    return LANGUAGES.find(({ tag }) => tag === kept)?.tag ?? 'system'
  } catch {
    return 'system'
  }
}

/** Keeps the choice and loads the page anew: tables of words are made once, when their module is. */
export function chooseLanguage(choice: LanguageChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, choice)
  location.reload()
}

/** What dates and numbers are written in. English means a 24-hour clock here; digits are those of phone numbers. */
export function pageLocale(): string {
  const language = pageLanguage()
  return { en: 'en-GB', ar: 'ar-u-nu-latn' }[language as string] ?? language
}
