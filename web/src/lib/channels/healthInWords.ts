import { agoInWords, momentInWords } from '../inbox/time.ts'
import type { ChannelHealth } from './connection.svelte.ts'

export type Tone = 'ok' | 'warn' | 'danger' | 'muted'
export type Fact = { label: string; words: string; tone: Tone }

const SOON_MS = 7 * 24 * 60 * 60 * 1000

const QUALITIES: Record<string, { words: string; tone: Tone }> = {
  GREEN: { words: 'High', tone: 'ok' },
  YELLOW: { words: 'Medium: customers have blocked or reported some messages', tone: 'warn' },
  RED: { words: 'Low: WhatsApp may lower the limit of this number', tone: 'danger' },
}

const LIMITS: Record<string, string> = {
  TIER_50: '50 customers in 24 hours',
  TIER_250: '250 customers in 24 hours',
  TIER_1K: '1,000 customers in 24 hours',
  TIER_2K: '2,000 customers in 24 hours',
  TIER_10K: '10,000 customers in 24 hours',
  TIER_100K: '100,000 customers in 24 hours',
  TIER_UNLIMITED: 'As many customers as you like',
}

/** How a number is, line by line. */
export function healthInWords(health: ChannelHealth, now: number): Fact[] {
  return [
    heard(health, now),
    waiting(health),
    ...numberFacts(health),
    templates(health),
    {
      label: 'Waiting to be sent',
      words: health.queued === 0 ? 'Nothing waits' : countOf(health.queued, '1 message', 'messages'),
      tone: 'muted',
    },
  ]
}

function heard({ webhook }: ChannelHealth, now: number): Fact {
  const label = 'Last heard from WhatsApp'
  if (webhook.isSubscribed === false)
    return { label, words: 'WhatsApp delivers nothing: its account is not subscribed to', tone: 'danger' }
  if (webhook.lastHeardAt === null) return { label, words: 'Nothing has come yet', tone: 'warn' }
  return { label, words: agoInWords(webhook.lastHeardAt, now), tone: 'ok' }
}

function waiting({ webhook }: ChannelHealth): Fact {
  const label = 'Taken and not stored yet'
  if (webhook.waiting === null) return { label, words: 'It is not known at the moment', tone: 'warn' }
  if (webhook.waiting === 0) return { label, words: 'Nothing', tone: 'ok' }
  return { label, words: countOf(webhook.waiting, '1 delivery', 'deliveries'), tone: 'muted' }
}

function numberFacts({ number }: ChannelHealth): Fact[] {
  if (number === null) return []
  const quality = QUALITIES[number.quality ?? ''] ?? { words: 'Not rated yet', tone: 'muted' as const }
  const limit = LIMITS[number.messagingLimit ?? '']
  const isConnected = number.status === null || number.status === 'CONNECTED'
  const name: Fact[] = number.verifiedName
    ? [{ label: 'Name that customers see', words: number.verifiedName, tone: 'muted' }]
    : []
  return [
    ...name,
    {
      label: 'State at WhatsApp',
      words: isConnected ? 'Connected' : `WhatsApp says ${number.status?.toLowerCase()}`,
      tone: isConnected ? 'ok' : 'danger',
    },
    { label: 'Quality', ...quality },
    { label: 'May write first to', words: limit ?? 'WhatsApp does not say', tone: 'muted' },
  ]
}

function templates({ templates: byState }: ChannelHealth): Fact {
  const label = 'Templates'
  const said = Object.entries(byState).map(([state, count]) => templatesOf(state, count))
  if (said.length === 0) return { label, words: 'None yet', tone: 'warn' }
  return { label, words: said.join(' · '), tone: byState.APPROVED ? 'ok' : 'warn' }
}

function templatesOf(state: string, count: number): string {
  if (state === 'APPROVED') return `${count} approved`
  if (state === 'PENDING') return `${count} in review`
  if (state === 'REJECTED') return `${count} rejected`
  if (state === 'PAUSED') return `${count} paused`
  if (state === 'DISABLED') return `${count} switched off`
  return `${count} ${state.toLowerCase()}`
}

/** How long the access token holds, and what it may do. */
export function tokenInWords({ token }: ChannelHealth, now: number): { words: string; tone: Tone } {
  if (token.trouble) return { words: token.trouble, tone: 'danger' }
  const [missing] = token.missingScopes
  if (missing) return { words: `It lacks the permission ${missing}.`, tone: 'danger' }
  if (token.expiresAt === null) return { words: 'It holds until it is replaced.', tone: 'ok' }
  const when = momentInWords(token.expiresAt, now)
  const left = new Date(token.expiresAt).getTime() - now
  if (left <= 0) return { words: `It expired ${when}.`, tone: 'danger' }
  return { words: `It expires ${when}.`, tone: left < SOON_MS ? 'warn' : 'ok' }
}

const countOf = (count: number, one: string, many: string) => (count === 1 ? one : `${count} ${many}`)
