import type { Session } from '../inbox/session.svelte.ts'
import { VIEWS } from '../inbox/views.ts'
import { DEFAULT_QUERY, type ListQuery, searchOf } from '../list/listQuery.ts'
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
      run: (session: Session) => show(session, { ...DEFAULT_QUERY, view }),
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

/** Beside the conversation that is open, if one is. */
function show({ inbox, surface }: Session, query: ListQuery) {
  const path = inbox.openId === null || surface.isAway ? '/' : `/c/${inbox.openId}`
  surface.go(`${path}${searchOf(query)}`)
}
