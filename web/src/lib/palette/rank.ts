import type { Entry } from './entry.ts'

/** How many of the recently used stand first. */
const RECENT_SHOWN = 4
const MARKS = /\p{M}/gu
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/u

const plain = (text: string) => text.normalize('NFD').replace(MARKS, '').toLocaleLowerCase()
const wordsOf = (text: string) => plain(text).split(BETWEEN_WORDS).filter(Boolean)

/**
 * The entries that fit what was typed, best first: those that begin with it, then those of which a word begins with each of
 * its words, then those that have it somewhere; among equals, what was used last. Nothing typed: everything, the recently used first.
 */
export function rank(
  entries: readonly Entry[],
  text: string,
  recent: readonly string[],
  recentGroup: string,
): Entry[] {
  if (plain(text).trim() === '') return recentFirst(entries, recent, recentGroup)
  const freshness = (id: string) => {
    const at = recent.indexOf(id)
    return at === -1 ? recent.length : at
  }
  return entries
    .map((entry, index) => ({ entry, index, fit: entry.isFound ? 0 : fitOf(entry, text) }))
    .filter(({ entry, fit }) => entry.isFound || fit > 0)
    .sort((a, b) => b.fit - a.fit || freshness(a.entry.id) - freshness(b.entry.id) || a.index - b.index)
    .map(({ entry }) => entry)
}

/** By heading, in the order in which the first of each comes. */
export function grouped(entries: readonly Entry[]): [group: string, entries: Entry[]][] {
  return [...Map.groupBy(entries, ({ group }) => group)]
}

function recentFirst(entries: readonly Entry[], recent: readonly string[], group: string): Entry[] {
  const used = recent.flatMap((id) => entries.find((entry) => entry.id === id) ?? []).slice(0, RECENT_SHOWN)
  const rest = entries.filter((entry) => !used.includes(entry))
  return [...used.map((entry) => ({ ...entry, group })), ...rest]
}

function fitOf({ words, also = '', detail = '' }: Entry, text: string): number {
  const typed = plain(text).trim()
  if (plain(words).startsWith(typed)) return 4
  if (isBegun(wordsOf(words), typed)) return 3
  if (isBegun([...wordsOf(words), ...wordsOf(also), ...wordsOf(detail)], typed)) return 2
  return plain(words).includes(typed) ? 1 : 0
}

/** Whether each typed word begins one of these. */
function isBegun(words: readonly string[], typed: string): boolean {
  const parts = wordsOf(typed)
  return parts.length > 0 && parts.every((part) => words.some((word) => word.startsWith(part)))
}
