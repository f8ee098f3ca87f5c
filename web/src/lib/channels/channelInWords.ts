import type { ChannelSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MessageError } from '../../../../server/whatsapp/content.ts'
import { failureOf } from '../inbox/failure.ts'
import { momentInWords } from '../inbox/time.ts'

type Choice<Value> = { value: Value; label: string; help: string }

/** When the customer gets blue ticks. */
export const READ_RECEIPTS: readonly Choice<ChannelSnapshot['readReceipts']>[] = [
  {
    value: 'when_opened',
    label: 'When the conversation is opened',
    help: 'As in WhatsApp itself. Customers see that somebody is there.',
  },
  {
    value: 'when_answered',
    label: 'When somebody answers',
    help: 'Agents can look without blue ticks; the answer turns them blue.',
  },
  { value: 'never', label: 'Never', help: 'Customers never see blue ticks from this number.' },
]

/** Who sees the conversations of the channel. */
export const VISIBILITIES: readonly Choice<ChannelSnapshot['visibility']>[] = [
  {
    value: 'channel',
    label: 'Everybody in its teams',
    help: 'All who answer this channel see all of its conversations.',
  },
  {
    value: 'assigned',
    label: 'Only whoever a conversation is assigned to',
    help: 'Agents see their own conversations and those of their team. Supervisors and administrators see all, and assign what is new.',
  },
]

/** The same, in a line about the channel. */
export const TICKS_IN_SHORT: Record<ChannelSnapshot['readReceipts'], string> = {
  when_opened: 'Blue ticks when a conversation is opened',
  when_answered: 'Blue ticks when somebody answers',
  never: 'No blue ticks',
}

const THROUGHPUTS: readonly Choice<number>[] = [
  {
    value: 20,
    label: '20 messages a second',
    help: 'A number that is also used in the WhatsApp Business app on a phone.',
  },
  { value: 80, label: '80 messages a second', help: 'What WhatsApp gives every number of its own.' },
  {
    value: 1000,
    label: '1,000 messages a second',
    help: 'Only when WhatsApp has raised this number: you get a mail from Meta then.',
  },
]

/** The speeds that WhatsApp gives, and the one that is set where it is another. */
export function throughputChoices(present: number): readonly Choice<number>[] {
  if (THROUGHPUTS.some(({ value }) => value === present)) return THROUGHPUTS
  const own = { value: present, label: `${present} messages a second`, help: 'Set through the API.' }
  return [...THROUGHPUTS, own]
}

const RETENTIONS = [30, 90, 180, 365, 730]

/** How long messages can be kept, and what is set where it is another. */
export function retentionChoices(present: number | null): { value: string; label: string }[] {
  const days = present === null ? RETENTIONS : [...new Set([...RETENTIONS, present])].sort((a, b) => a - b)
  const choices = days.map((count) => ({ value: String(count), label: `${count} days` }))
  return [{ value: '', label: 'For ever' }, ...choices]
}

/** Why nothing goes out, since when, and what to do, in whole sentences; null while it sends. */
export function stopInWords(
  { stoppedAt, stopError }: ChannelSnapshot,
  now: number,
): { title: string; words: string } | null {
  if (stoppedAt === null) return null
  const { happened, advice } = failureOf(stopError)
  const code = stopError && stopError.code >= 0 ? ` (${stopError.code})` : ''
  return {
    title: `Nothing has been sent from this number since ${momentInWords(stoppedAt, now).replace(/^(at|on) /, '')}`,
    words: `${happened} ${advice}${code}`.trim(),
  }
}

/** "Invalid token", "expired", and ours for one that cannot be decrypted. */
const TOKEN_CODES: readonly number[] = [0, 190, -2]

/** Whether a channel stopped for its access token, which only another one puts right. */
export function needsAnotherToken(error: MessageError | null): boolean {
  return error !== null && TOKEN_CODES.includes(error.code)
}
