import type { Act } from './act.ts'

/** Where one can go from everywhere, and what lies over everything. */
export const placeActs = (): readonly Act[] => {
  const group = 'Everywhere'
  return [
    {
      id: 'palette',
      words: 'Do or find anything',
      group,
      key: 'Ctrl k',
      whileWriting: true,
      isKeyOnly: true,
      run: ({ surface }) => surface.open('all'),
    },
    {
      id: 'search',
      words: 'Search messages, notes and contacts',
      also: 'find',
      group,
      key: '/',
      run: ({ surface }) => surface.go('/search'),
    },
    {
      id: 'keys',
      words: 'Show all keys',
      also: 'keyboard shortcuts help',
      group,
      key: '?',
      run: ({ surface }) => surface.showKeys(),
    },
  ]
}
