import type { Sort } from './listQuery.ts'

/** The orders that a list can have, the usual one first. */
export const SORTS: readonly { sort: Sort; words: string }[] = [
  { sort: 'newest', words: 'Newest first' },
  { sort: 'oldest', words: 'Oldest first' },
  { sort: 'window', words: 'Window closes first' },
]
