import { VIEWS } from '../inbox/views.ts'
import type { Act } from './act.ts'

/** What the list shows, and the other pages. */
export const viewActs = (): readonly Act[] => {
  const group = 'Go to'
  return [
    ...VIEWS.map(({ view, label }) => ({
      id: `view:${view}`,
      words: label,
      also: 'view list inbox show conversations',
      group,
      run: ({ inbox, surface }: Parameters<Act['run']>[0]) => {
        inbox.show(view)
        if (surface.isAway) surface.go('/')
      },
    })),
    {
      id: 'not-delivered',
      words: 'Not delivered',
      also: 'failed messages errors troubles',
      group,
      run: ({ surface }) => surface.go('/not-delivered'),
    },
  ]
}
