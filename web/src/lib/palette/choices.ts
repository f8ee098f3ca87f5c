import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { PaletteList } from '../acts/surface.svelte.ts'
import type { Trouble } from '../api/refusal.ts'
import { assignOptions } from '../inbox/assignOptions.ts'
import { contactName } from '../inbox/contactName.ts'
import { labelOptions } from '../inbox/labelOptions.ts'
import type { Session } from '../inbox/session.svelte.ts'
import { snoozeTimes } from '../inbox/snoozeTimes.ts'
import { untilInWords } from '../inbox/time.ts'
import { chooseLanguage, LANGUAGES, languageChoice } from '../words/language.ts'
import type { Entry } from './entry.ts'
import { writeCanned } from './writeCanned.ts'

/** One thing to choose, for the conversations that it is about. */
export type ChoiceList = {
  /** What is asked: stands in the empty field. */
  asks: string
  entries(session: Session, ids: readonly string[]): Entry[]
  isLoading?(session: Session): boolean
  trouble?(session: Session): Trouble | null
  /** It was opened: what it lists may have to be asked for. */
  want?(session: Session): void
}

/** The lists of the palette that ask for one thing. */
export const CHOICES: Record<Exclude<PaletteList, 'all'>, ChoiceList> = {
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
  canned: {
    asks: 'Which canned reply?',
    entries: canned,
    isLoading: ({ cannedReplies }) => cannedReplies.replies === null && cannedReplies.trouble === null,
    trouble: ({ cannedReplies }) => (cannedReplies.replies === null ? cannedReplies.trouble : null),
    want: ({ cannedReplies }) => cannedReplies.want(),
  },
  theme: { asks: 'Which theme?', entries: themes },
  language: { asks: 'Which language? The page loads anew.', entries: languages },
}

function assignees({ people, work, me, inbox }: Session, ids: readonly string[]): Entry[] {
  const conversations = held(inbox, ids)
  const channelIds = [...new Set(conversations.map(({ channelId }) => channelId))]
  const agents = people.agentsFor(channelIds)
  const teams = people.teamsFor(channelIds)
  return assignOptions(conversations, { agents, teams, meId: me.agent.id }).map((option) => ({
    id: `assign:${option.key}`,
    words: option.words,
    group: option.group,
    person: option.agent ?? undefined,
    isOn: option.isChosen,
    run: () => void work.assign(ids, option.to),
  }))
}

function snoozes({ work, clock }: Session, ids: readonly string[]): Entry[] {
  const times = snoozeTimes(new Date(clock.now)).map(({ key, words, at }) => ({
    id: `snooze:${key}`,
    words,
    group: 'Snooze',
    detail: untilInWords(at.toISOString(), clock.now),
    run: () => void work.snooze(ids, at.toISOString()),
  }))
  const untilTheyWrite = {
    id: 'snooze:reply',
    words: 'Until the customer writes',
    group: 'Snooze',
    run: () => void work.snooze(ids, null),
  }
  return [...times, untilTheyWrite]
}

function labelling({ work, labels, inbox }: Session, ids: readonly string[]): Entry[] {
  return labelOptions(held(inbox, ids), labels.all).map(({ key, words, colour, isChosen }) => ({
    id: `label:${key}`,
    words,
    group: 'Labels',
    colour,
    isOn: isChosen,
    staysOpen: true,
    run: () => void work.label(ids, isChosen ? { remove: [key] } : { add: [key] }),
  }))
}

function canned(session: Session, ids: readonly string[]): Entry[] {
  return (session.cannedReplies.replies ?? []).map((reply) => ({
    id: `canned:${reply.id}`,
    words: reply.title,
    group: 'Canned replies',
    detail: `/${reply.shortcut}`,
    also: reply.body,
    run: () => void writeCanned(session, reply, ids[0]),
  }))
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

function languages(): Entry[] {
  const group = 'Language'
  const choice = languageChoice()
  const browsers = {
    id: 'language:system',
    words: 'Like the browser',
    group,
    isOn: choice === 'system',
    run: () => chooseLanguage('system'),
  }
  const each = LANGUAGES.map(({ tag, name }) => ({
    id: `language:${tag}`,
    words: name,
    group,
    isOn: choice === tag,
    run: () => chooseLanguage(tag),
  }))
  return [browsers, ...each]
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
