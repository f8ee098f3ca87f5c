import type { Language, Translation } from '../../web/words/catalogue.ts'

const marks = (text: string) => (text.match(/\{\d+\}|<\/?\d+\/?>/g) ?? []).sort().join(' ')

/**
 * What is wrong with a translation, in words; null when nothing is. The places for values and elements must all be there,
 * and a sentence with a count needs each plural form that its language has.
 */
export function wrongTranslation(language: Language, english: string, said: Translation): string | null {
  if (typeof said === 'string') {
    if (said.trim() === '') return 'is empty'
    return marks(said) === marks(english)
      ? null
      : `has ${marks(said) || 'no places'}, not ${marks(english) || 'none'}`
  }
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
  const lacking = forms.filter((form) => !said[form])
  if (lacking.length > 0) return `lacks the plural ${lacking.join(', ')}`
  if (!english.includes(`{${said.count}}`)) return `counts {${said.count}}, which is not in the English`
  // A form for one exact number may leave the number out: «رسالتان».
  const wrong = forms.filter((form) => {
    const text = said[form] ?? ''
    const without = marks(english)
      .split(' ')
      .filter((mark) => mark !== `{${said.count}}`)
      .join(' ')
    return marks(text) !== marks(english) && marks(text) !== without
  })
  return wrong.length > 0 ? `has other places than the English in ${wrong.join(', ')}` : null
}
