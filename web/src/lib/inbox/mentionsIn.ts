/** A text cut where it mentions one of these names behind an @: the longest name that fits, and not within a word. */
export function mentionsIn(text: string, names: readonly string[]): { text: string; isMention: boolean }[] {
  if (names.length === 0 || !text.includes('@')) return [{ text, isMention: false }]
  const longestFirst = names.toSorted((a, b) => b.length - a.length).map((name) => RegExp.escape(name))
  const mention = new RegExp(`(@(?:${longestFirst.join('|')})(?![\\p{L}\\p{N}]))`, 'u')
  return text
    .split(mention)
    .map((part, index) => ({ text: part, isMention: index % 2 === 1 }))
    .filter((part) => part.text !== '')
}
