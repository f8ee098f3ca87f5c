import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { snoozeTimes } from '../acts/snoozeTimes.ts'
import type { PaletteList } from '../acts/surface.svelte.ts'
import type { Trouble } from '../api/refusal.ts'
import { contactName } from '../inbox/contactName.ts'
import type { Session } from '../inbox/session.svelte.ts'
import { untilInWords } from '../inbox/time.ts'
import type { Entry } from './entry.ts'

/** One thing to choose, for the conversations that it is about. */
export type ChoiceList = {
  /** What is asked: stands in the empty field. */
  asks: string
  entries(session: Session, ids: readonly string[]): Entry[]
  isLoading?(session: Session): boolean
  trouble?(session: Session): Trouble | null
}

/** The lists of the palette that ask for one thing. Canned replies and everything have stores of their own. */
export const CHOICES: Record<Exclude<PaletteList, 'all' | 'canned'>, ChoiceList> = {
  assign: {
    asks: 'Assign to whom?',
    entries: assignees,
    isLoading: ({ people }) => !people.isLoaded && people.trouble === null,
    trouble: ({ people }) => (people.isLoaded ? null : people.trouble),
  },
  snooze: { asks: 'Snooze until when?', entries: snoozes },
  labels: {
    asks: 'Which labels?',
    entries: labelling,
    isLoading: ({ labels }) => !labels.isLoaded && labels.trouble === null,
    trouble: ({ labels }) => (labels.isLoaded ? null : labels.trouble),
  },
  theme: { asks: 'Which theme?', entries: themes },
}

function assignees({ people, work, me, inbox }: Session, ids: readonly string[]): Entry[] {
  const all = held(inbox, ids)
  const channelIds = [...new Set(all.map(({ channelId }) => channelId))]
  const agents = people.agentsFor(channelIds)
  const mine = agents.filter(({ id }) => id === me.agent.id)
  const isOn = (agentId: string | null) =>
    all.length > 0 && all.every(({ assignee }) => (assignee?.id ?? null) === agentId)
  return [
    ...[...mine, ...agents.filter((agent) => !mine.includes(agent))].map((agent) => ({
      id: `assign:${agent.id}`,
      words: agent.id === me.agent.id ? `${agent.name} (you)` : agent.name,
      group: 'Agents',
      person: agent,
      isOn: isOn(agent.id),
      run: () => void work.assign(ids, { assigneeId: agent.id }),
    })),
    {
      id: 'assign:nobody',
      words: 'Nobody',
      also: 'unassign remove',
      group: 'Agents',
      isOn: isOn(null),
      run: () => void work.assign(ids, { assigneeId: null }),
    },
    ...people.teamsFor(channelIds).map((team) => ({
      id: `team:${team.id}`,
      words: team.name,
      group: 'Teams',
      isOn: all.length > 0 && all.every((one) => one.team?.id === team.id),
      run: () => void work.assign(ids, { teamId: team.id }),
    })),
    {
      id: 'team:none',
      words: 'No team',
      group: 'Teams',
      isOn: all.length > 0 && all.every(({ team }) => team === null),
      run: () => void work.assign(ids, { teamId: null }),
    },
  ]
}

function snoozes({ work, clock }: Session, ids: readonly string[]): Entry[] {
  return snoozeTimes(clock.now).map(({ id, words, until }) => ({
    id: `snooze:${id}`,
    words,
    group: 'Snooze',
    detail: until === null ? undefined : untilInWords(until, clock.now),
    run: () => void work.snooze(ids, until),
  }))
}

function labelling({ work, labels, inbox }: Session, ids: readonly string[]): Entry[] {
  const all = held(inbox, ids)
  return labels.all.map((label) => {
    const isOn = all.length > 0 && all.every(({ labelIds }) => labelIds.includes(label.id))
    return {
      id: `label:${label.id}`,
      words: label.name,
      group: 'Labels',
      colour: label.colour,
      isOn,
      staysOpen: true,
      run: () => void work.label(ids, isOn ? { remove: [label.id] } : { add: [label.id] }),
    }
  })
}

function themes({ preferences }: Session): Entry[] {
  const choices = [
    { theme: 'light', words: 'Light' },
    { theme: 'dark', words: 'Dark' },
    { theme: 'system', words: 'Like the system' },
  ] as const
  return choices.map(({ theme, words }) => ({
    id: `theme:${theme}`,
    words,
    group: 'Theme',
    isOn: preferences.theme === theme,
    run: () => preferences.choose({ theme }),
  }))
}

function held(inbox: Session['inbox'], ids: readonly string[]): ConversationSnapshot[] {
  return ids.flatMap((id) => inbox.conversation(id) ?? [])
}

/** What the chosen thing will be about, above the list. */
export function aboutInWords({ inbox }: Session, ids: readonly string[]): string | null {
  const [first] = held(inbox, ids)
  if (ids.length > 1) return `${ids.length} conversations`
  return first ? contactName(first.contact) : null
}
