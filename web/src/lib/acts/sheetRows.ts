import { keyCaps } from './keyCaps.ts'
import { keyedActs } from './keyedActs.ts'

export type SheetRow = { id: string; group: string; words: string; caps: string[] }

/** Keys that belong to the text field itself. */
const fieldKeys = () => [
  { id: 'send', key: 'Enter', words: 'Send' },
  { id: 'new-line', key: 'Shift Enter', words: 'New line' },
  {
    id: 'send-anyway',
    key: 'Ctrl Enter',
    words: 'Send and resolve; send anyway, when a colleague answered first',
  },
  { id: 'canned-reply', key: '/', words: 'Canned replies, in an answer' },
  { id: 'mention', key: '@', words: 'Call a colleague, in a private note' },
  { id: 'shortcode', key: ':', words: 'An emoji by its name' },
]

/** What the `?` sheet says: every act with a key, once for each key, and the keys of the text field. */
export function sheetRows(isMac: boolean): SheetRow[] {
  const acts = keyedActs().flatMap(({ id, group, words, key }) => (key ? [{ id, group, words, key }] : []))
  const once = acts.filter((act, index) => acts.findIndex(({ key }) => key === act.key) === index)
  const rows = once.map((act) => ({ ...act, words: allWords(act.key, acts) }))
  const inField = fieldKeys().map((row) => ({ ...row, group: 'While writing' }))
  return [...rows, ...inField].map(({ id, group, words, key }) => ({
    id,
    group,
    words,
    caps: keyCaps(key, isMac),
  }))
}

/** One key may do one thing or another, by how things are. */
function allWords(key: string, acts: readonly { key: string; words: string }[]): string {
  return acts
    .filter((act) => act.key === key)
    .map(({ words }) => words)
    .join(' / ')
}
