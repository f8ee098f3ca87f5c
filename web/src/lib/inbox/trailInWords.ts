import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import { say } from '../words/words.ts'
import { untilInWords } from './time.ts'

export type TrailEntry = inferRouterOutputs<AppRouter>['conversations']['trail']['entries'][number]

/** Who and what is meant by the ids of an entry; null: unknown here, or gone. */
export type NamesInTrail = {
  agentName: (id: string) => string | null
  teamName: (id: string) => string | null
  labelName: (id: string) => string | null
}

/** What happened to a conversation, in one line of its thread; null: nothing that a reader of it needs. */
export function trailInWords(entry: TrailEntry, names: NamesInTrail): string | null {
  const actor = entry.actor?.name ?? null
  const details = recordOf(entry.details)
  switch (entry.action) {
    case 'conversation.resolved':
      return actor === null ? 'The conversation was resolved' : `${actor} resolved the conversation`
    case 'conversation.reopened':
      if (details.by === 'customer') return 'The customer wrote, so the conversation is open again'
      if (actor !== null) return `${actor} opened the conversation again`
      return details.from === 'snoozed' ? 'The snooze is over' : 'The conversation is open again'
    case 'conversation.snoozed':
      return snoozed(actor, textOf(details.until), entry.createdAt)
    case 'conversation.assigned':
      return assigned(actor, recordOf(details.from), recordOf(details.to), entry, names)
    case 'conversation.labelled':
      return labelled(actor, idsOf(details.added), idsOf(details.removed), names)
    case 'lock.taken_over':
      return actor === null ? null : `${actor} took the baton over`
    case 'contact.merged':
      return actor === null ? 'Two contacts were joined' : `${actor} joined this contact with another one`
    default:
      return null
  }
}

function snoozed(actor: string | null, until: string | null, at: string): string {
  const who = actor ?? 'Somebody'
  if (until === null) return `${who} snoozed the conversation until the customer writes`
  return `${who} snoozed the conversation until ${untilInWords(until, new Date(at).getTime())}`
}

function assigned(
  actor: string | null,
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  entry: TrailEntry,
  { agentName, teamName }: NamesInTrail,
): string {
  const who = actor ?? 'A rule'
  const agentId = textOf(to.assigneeId)
  const teamId = textOf(to.teamId)
  const agent = agentId === null ? null : (agentName(agentId) ?? say('somebody who has left'))
  const team = teamId === null ? null : (teamName(teamId) ?? say('a team that is gone'))
  const isNewAgent = textOf(from.assigneeId) !== agentId
  const isNewTeam = textOf(from.teamId) !== teamId
  if (isNewAgent && isNewTeam && agent !== null && team !== null)
    return `${who} assigned the conversation to ${agent}, team ${team}`
  if (isNewAgent && agent !== null)
    return agentId === entry.actor?.id
      ? `${who} took the conversation`
      : `${who} assigned the conversation to ${agent}`
  if (isNewTeam && team !== null) return `${who} assigned the conversation to team ${team}`
  if (isNewAgent) return `${who} assigned the conversation to nobody`
  return `${who} took the conversation off its team`
}

/** A label that is gone has no name any more, and no line. */
function labelled(
  actor: string | null,
  added: string[],
  removed: string[],
  { labelName }: NamesInTrail,
): string | null {
  const who = actor ?? 'A rule'
  const quoted = (ids: string[]) =>
    ids
      .flatMap((id) => labelName(id) ?? [])
      .map((name) => `“${name}”`)
      .join(', ')
  const on = quoted(added)
  const off = quoted(removed)
  if (on && off) return `${who} put on ${on} and took off ${off}`
  if (on) return `${who} put on ${on}`
  return off ? `${who} took off ${off}` : null
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const idsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
