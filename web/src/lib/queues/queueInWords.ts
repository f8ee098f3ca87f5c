import { pageLocale } from '../words/language.ts'
import type { JobQueueState, QueuesAnswer } from './queues.svelte.ts'

type Tone = 'ok' | 'warn' | 'danger'

/** What each kind of job does. */
export const JOB_WORDS: Record<JobQueueState['queue'], { label: string; help: string }> = {
  'media.download': {
    label: 'Files of customers',
    help: 'Fetches pictures, voice notes and documents from WhatsApp',
  },
  'message.send': { label: 'Messages to be sent later', help: 'Sends each one when its time has come' },
  'conversation.wake': {
    label: 'Snoozed conversations',
    help: 'Opens each one again when its time has come',
  },
  'media.remove': {
    label: 'Files to be removed',
    help: 'Takes files out of the store whose messages are gone',
  },
  'data.retain': {
    label: 'What is kept for some days only',
    help: 'Removes old messages of channels that do not keep them, once a day',
  },
}

/** A delivery that waits longer means that nobody stores, or cannot. */
const LATE_DELIVERY_MS = 60_000
/** A message in line longer than this waits for more than its turn. */
const LATE_SEND_MS = 5 * 60_000

/** How the way in is doing, in a sentence. */
export function streamInWords({ stream, isRedisAway, now }: QueuesAnswer): { tone: Tone; words: string } {
  if (isRedisAway)
    return {
      tone: 'danger',
      words: 'Redis does not answer, so nothing can be taken in. WhatsApp delivers again for seven days.',
    }
  if (stream === null) return { tone: 'ok', words: 'Nothing was ever delivered here.' }
  if (stream.consumers.length === 0)
    return { tone: 'danger', words: 'Nobody stores what comes in. Start a consumer.' }
  if (stream.oldestWaitingAt === null)
    return { tone: 'ok', words: 'Everything that was delivered is stored.' }
  const ageMs = Date.parse(now) - Date.parse(stream.oldestWaitingAt)
  if (ageMs > LATE_DELIVERY_MS)
    return {
      tone: 'danger',
      words: 'Deliveries wait too long to be stored. Look at the log of the consumer.',
    }
  return { tone: 'ok', words: 'Deliveries are being stored.' }
}

/** How the way out is doing. */
export function outboxInWords({ outbox, now }: QueuesAnswer): { tone: Tone; words: string } {
  const { queued, sending, unknown, failed, oldestQueuedAt } = outbox
  if (oldestQueuedAt !== null && Date.parse(now) - Date.parse(oldestQueuedAt) > LATE_SEND_MS)
    return {
      tone: 'danger',
      words: 'Messages wait for more than five minutes. Look at the channels: one may have stopped.',
    }
  if (failed + unknown > 0)
    return {
      tone: 'warn',
      words: 'Some messages were not delivered, or may not have been. Somebody has to look at them.',
    }
  return queued + sending > 0
    ? { tone: 'ok', words: 'Messages are on their way.' }
    : { tone: 'ok', words: 'Nothing waits to be sent.' }
}

/** How a kind of job is doing. */
export function jobInWords({ waiting, active, failed }: JobQueueState): { tone: Tone; words: string } {
  if (failed > 0)
    return { tone: 'danger', words: failed === 1 ? '1 failed for good.' : `${failed} failed for good.` }
  if (waiting + active > 0) return { tone: 'ok', words: 'At work.' }
  return { tone: 'ok', words: 'Nothing to do.' }
}

/** `340 ms`, `12 s`, `5 min`, `3 h`. */
export function spanInWords(ms: number): string {
  const unit = UNITS.find(({ below }) => ms < below) ?? UNITS[UNITS.length - 1]
  if (!unit) return ''
  const { name, size } = unit
  return new Intl.NumberFormat(pageLocale(), { style: 'unit', unit: name, unitDisplay: 'short' }).format(
    Math.max(0, Math.round(ms / size)),
  )
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const UNITS = [
  { name: 'millisecond', size: 1, below: SECOND_MS },
  { name: 'second', size: SECOND_MS, below: 2 * MINUTE_MS },
  { name: 'minute', size: MINUTE_MS, below: 2 * HOUR_MS },
  { name: 'hour', size: HOUR_MS, below: 2 * DAY_MS },
  { name: 'day', size: DAY_MS, below: Number.POSITIVE_INFINITY },
] as const
