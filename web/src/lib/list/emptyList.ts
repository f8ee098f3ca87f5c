import type { ListQuery } from './listQuery.ts'
import { DEFAULT_QUERY, hasFilters } from './listQuery.ts'

/** What stands in the place of an empty list: why it is empty, and another list that may help. */
export type EmptyList = { title: string; words: string; act: { words: string; query: ListQuery } | null }

const showAll = { words: 'Show all open conversations', query: DEFAULT_QUERY }
const showUnassigned = {
  words: 'Show what nobody has taken',
  query: { ...DEFAULT_QUERY, view: 'unassigned' as const },
}

/** `numbers`: of the channels that the agent sees, as they are read; '' when there are none. */
export function emptyList(query: ListQuery, numbers: string): EmptyList {
  if (numbers === '') {
    const words = 'An administrator can add you to a team that answers one.'
    return { title: 'No channel is yours to see', words, act: null }
  }
  if (hasFilters(query)) {
    return {
      title: 'Nothing fits these filters',
      words: 'Take one of them away to see more.',
      act: { words: 'Clear the filters', query: { ...query, filters: {} } },
    }
  }
  return VIEWS[query.view](numbers)
}

const VIEWS: Record<ListQuery['view'], (numbers: string) => EmptyList> = {
  all: (numbers) => ({
    title: 'No conversations yet',
    words: `The first message to ${numbers} appears here by itself.`,
    act: null,
  }),
  unassigned: () => ({
    title: 'Everything has an owner',
    words: 'Conversations that nobody has taken appear here.',
    act: showAll,
  }),
  mine: () => ({
    title: 'Nothing is assigned to you',
    words: 'Conversations that are yours to answer appear here.',
    act: showUnassigned,
  }),
  unread: () => ({
    title: 'All read',
    words: 'A customer’s new message appears here by itself.',
    act: showAll,
  }),
  mentions: () => ({
    title: 'Nobody has mentioned you',
    words: 'When a colleague writes your name with an @ in a note, the conversation appears here.',
    act: showAll,
  }),
  snoozed: () => ({
    title: 'Nothing is snoozed',
    words: 'A snoozed conversation waits here until its time comes, or until the customer writes.',
    act: showAll,
  }),
  resolved: () => ({
    title: 'Nothing is resolved yet',
    words: 'What is done stands here, and comes back when the customer writes again.',
    act: showAll,
  }),
}
