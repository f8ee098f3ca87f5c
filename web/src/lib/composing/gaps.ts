import { say } from '../words/words.ts'

/** What a canned reply may lack, as it stands in the text until somebody writes it. */
const GAP_WORDS: Readonly<Record<string, string>> = {
  'contact.name': say('customer’s name'),
  'contact.first_name': say('customer’s first name'),
  'contact.phone': say('customer’s phone number'),
  'agent.name': say('your name'),
  'agent.first_name': say('your first name'),
}

export type Gap = { start: number; end: number; words: string }

const tokenOf = (place: string) => `[${GAP_WORDS[place] ?? place}]`

/** The text with something to see, and to type over, in each place that stayed empty. */
export function withGaps(text: string, gaps: readonly { place: string; at: number }[]): string {
  let [filled, from] = ['', 0]
  for (const { place, at } of gaps) {
    filled += text.slice(from, at) + tokenOf(place)
    from = at
  }
  return filled + text.slice(from)
}

/** The first place in a text that still waits to be written; it must not go out like this. */
export function firstGap(text: string): Gap | null {
  const found = Object.values(GAP_WORDS)
    .map((words) => ({ words, start: text.indexOf(`[${words}]`) }))
    .filter(({ start }) => start !== -1)
    .sort((a, b) => a.start - b.start)[0]
  return found ? { ...found, end: found.start + found.words.length + 2 } : null
}
