import type { LabelColour, LabelSnapshot } from '../../../../server/inbox/snapshot.ts'
import {
  ID_FILTERS,
  type IdFilter,
  type ListQuery,
  type WindowFilter,
  withToggled,
  withWindow,
} from './listQuery.ts'

type Named = { id: string; name: string }

/** What can be filtered by. Null: not known yet. */
export type Sides = {
  channels: readonly Named[]
  teams: readonly Named[] | null
  agents: readonly Named[] | null
  labels: readonly LabelSnapshot[] | null
  meId: string
}

export type FilterOption = {
  key: string
  words: string
  group: string
  isChosen: boolean
  /** Whose picture stands before it. */
  agent: Named | null
  colour: LabelColour | null
  /** The list with this one chosen; without it, when it is chosen already. */
  next: ListQuery
}

const WINDOWS: readonly { window: WindowFilter; words: string }[] = [
  { window: 'closing', words: 'Closes within 2 hours' },
  { window: 'open', words: 'Open' },
  { window: 'closed', words: 'Closed' },
]

/** All that the list can be narrowed by. One channel is no choice. */
export function filterOptions(query: ListQuery, sides: Sides): FilterOption[] {
  const { channels, teams, agents, labels, meId } = sides
  const me = agents?.filter(({ id }) => id === meId) ?? []
  const others = agents?.filter(({ id }) => id !== meId) ?? []
  return [
    ...WINDOWS.map(({ window, words }) => windowOption(query, window, words)),
    ...(labels ?? []).map((label) => ({
      ...option(query, 'labelIds', label, 'Labels'),
      colour: label.colour,
    })),
    ...me.map((agent) => ({
      ...option(query, 'assigneeIds', agent, 'Agents'),
      words: `${agent.name} (you)`,
      agent,
    })),
    ...others.map((agent) => ({ ...option(query, 'assigneeIds', agent, 'Agents'), agent })),
    ...(teams ?? []).map((team) => option(query, 'teamIds', team, 'Teams')),
    ...(channels.length > 1 ? channels : []).map((channel) =>
      option(query, 'channelIds', channel, 'Channels'),
    ),
  ]
}

const GONE: Record<IdFilter, string> = {
  channelIds: 'A channel that is not yours to see',
  teamIds: 'A team that is gone',
  assigneeIds: 'An agent who is gone',
  labelIds: 'A label that is gone',
}

/** What the list is narrowed by now. What an address names and nobody knows any more is shown too: it can only be taken away. */
export function chosenFilters(query: ListQuery, sides: Sides): FilterOption[] {
  const known = new Map(filterOptions(query, sides).map((one) => [one.key, one]))
  const { channels, teams, agents, labels } = sides
  const named: Record<IdFilter, readonly Named[] | null> = {
    channelIds: channels,
    teamIds: teams,
    assigneeIds: agents,
    labelIds: labels,
  }
  const byId = ID_FILTERS.flatMap(({ filter }) =>
    (query.filters[filter] ?? []).map((id) => {
      const found = known.get(keyOf(filter, id))
      if (found) return found
      const name = named[filter]?.find((one) => one.id === id)?.name ?? (named[filter] ? GONE[filter] : '…')
      return option(query, filter, { id, name }, '')
    }),
  )
  const window = WINDOWS.find((one) => one.window === query.filters.window)
  return [...(window ? [windowOption(query, window.window, windowInWords(window.window))] : []), ...byId]
}

const keyOf = (filter: IdFilter, id: string) => `${filter}-${id}`

function option(query: ListQuery, filter: IdFilter, { id, name }: Named, group: string): FilterOption {
  return {
    key: keyOf(filter, id),
    words: name,
    group,
    isChosen: query.filters[filter]?.includes(id) ?? false,
    agent: null,
    colour: null,
    next: withToggled(query, filter, id),
  }
}

function windowOption(query: ListQuery, window: WindowFilter, words: string): FilterOption {
  const next = withWindow(query, window)
  return {
    key: window,
    words,
    group: 'Window',
    isChosen: query.filters.window === window,
    agent: null,
    colour: null,
    next,
  }
}

function windowInWords(window: WindowFilter): string {
  return { closing: 'Window closes within 2 hours', open: 'Window open', closed: 'Window closed' }[window]
}
