import type { ConversationView, ListFilters } from '../../../../server/inbox/listConditions.ts'
import type { ListSort } from '../../../../server/inbox/listSort.ts'

export type View = ConversationView
export type Sort = ListSort
export type WindowFilter = NonNullable<ListFilters['window']>
/** Filters by what a conversation has: of each, one has to fit. */
export type IdFilter = 'channelIds' | 'teamIds' | 'assigneeIds' | 'labelIds'
export type Filters = ListFilters

/** What the list shows, and in which order. It lives in the address, so that it can be shared, kept and gone back to. */
export type ListQuery = { view: View; filters: Filters; sort: Sort }

type Params = Pick<URLSearchParams, 'get' | 'getAll' | 'has'>

export const DEFAULT_QUERY: ListQuery = { view: 'all', filters: {}, sort: 'newest' }

/** What the address calls each filter. */
export const ID_FILTERS: readonly { filter: IdFilter; name: string }[] = [
  { filter: 'channelIds', name: 'channel' },
  { filter: 'teamIds', name: 'team' },
  { filter: 'assigneeIds', name: 'agent' },
  { filter: 'labelIds', name: 'label' },
]
const VIEW_NAMES = ['mine', 'unassigned', 'all', 'unread', 'mentions', 'snoozed', 'resolved'] as const
const WINDOW_NAMES = ['open', 'closing', 'closed'] as const
const SORT_NAMES = ['newest', 'oldest', 'window'] as const
const NAMES = ['view', 'window', 'sort', ...ID_FILTERS.map(({ name }) => name)]
const ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/
/** What the server takes of one filter. */
const MOST_IDS = 100

/** Whether an address says anything about the list. */
export function saysList(params: Params): boolean {
  return NAMES.some((name) => params.has(name))
}

/** What an address asks for. Nonsense in it is passed over: an address may be typed, cut off or years old. */
export function queryOf(params: Params): ListQuery {
  const filters: Filters = {}
  for (const { filter, name } of ID_FILTERS) {
    const ids = [...new Set(params.getAll(name).filter((id) => ID.test(id)))].sort().slice(0, MOST_IDS)
    if (ids.length > 0) filters[filter] = ids
  }
  const window = among(WINDOW_NAMES, params.get('window'))
  if (window) filters.window = window
  return {
    view: among(VIEW_NAMES, params.get('view')) ?? DEFAULT_QUERY.view,
    filters,
    sort: among(SORT_NAMES, params.get('sort')) ?? DEFAULT_QUERY.sort,
  }
}

/** The part of an address after its path; the same for queries that ask for the same. It always names the view, so it says the list. */
export function searchOf({ view, filters, sort }: ListQuery): string {
  const params = new URLSearchParams({ view })
  for (const { filter, name } of ID_FILTERS)
    for (const id of (filters[filter] ?? []).toSorted()) params.append(name, id)
  if (filters.window) params.set('window', filters.window)
  if (sort !== DEFAULT_QUERY.sort) params.set('sort', sort)
  return `?${params}`
}

/** As `searchOf`, but nothing for what an address without a word about the list shows anyway. */
export function shortSearchOf(query: ListQuery): string {
  const search = searchOf(query)
  return search === DEFAULT_SEARCH ? '' : search
}

const DEFAULT_SEARCH = searchOf(DEFAULT_QUERY)

export function hasFilters({ filters }: ListQuery): boolean {
  return filters.window !== undefined || ID_FILTERS.some(({ filter }) => filters[filter] !== undefined)
}

/** The query with one id of a filter added, or taken away when it was there. */
export function withToggled(query: ListQuery, filter: IdFilter, id: string): ListQuery {
  const held = query.filters[filter] ?? []
  const ids = held.includes(id) ? held.filter((one) => one !== id) : [...held, id].slice(-MOST_IDS)
  const { [filter]: _, ...rest } = query.filters
  return { ...query, filters: ids.length > 0 ? { ...rest, [filter]: ids } : rest }
}

/** The query with another window; null or the one that it has: with any. */
export function withWindow(query: ListQuery, window: WindowFilter | null): ListQuery {
  const { window: held, ...rest } = query.filters
  return { ...query, filters: window === null || window === held ? rest : { ...rest, window } }
}

function among<Name extends string>(names: readonly Name[], value: string | null): Name | undefined {
  return names.find((name) => name === value)
}
