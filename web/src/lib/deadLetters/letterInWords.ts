import type { DeadLetterSnapshot } from '../../../../server/inbox/readDeadLetters.ts'
import { momentInWords } from '../inbox/time.ts'
import { pageLocale } from '../words/language.ts'

const oneDecimal = new Intl.NumberFormat(pageLocale(), { minimumFractionDigits: 1, maximumFractionDigits: 1 })

type Words = { title: string; help: string }

/** Why something could not be stored, and what helps. By the server's stable word. */
const WORDS: Record<string, Words> = {
  not_json: {
    title: 'It is not JSON',
    help: 'Nothing in it can be read, so trying again changes nothing. Look at it, then discard it.',
  },
  not_a_delivery: {
    title: 'It is not a delivery of WhatsApp',
    help: 'It has no list of entries. Something else may be posting to the webhook’s address.',
  },
  not_an_entry: {
    title: 'An entry has no changes in it',
    help: 'WhatsApp may have changed its format. Replay it after an update of Baton.',
  },
  not_a_change: {
    title: 'A change is not in a form that can be read',
    help: 'WhatsApp may have changed its format. Replay it after an update of Baton.',
  },
  malformed_message: {
    title: 'A message lacks what every message needs',
    help: 'Without its id, its sender or its time it has no place in a conversation.',
  },
  malformed_status: {
    title: 'A delivery status lacks what every status needs',
    help: 'Without it a message may show fewer ticks than it earned.',
  },
  unreadable: {
    title: 'Baton could not read this part',
    help: 'Replay it after an update of Baton.',
  },
  unknown_channel: {
    title: 'No channel has this number',
    help: 'Add the number as a channel, then replay.',
  },
  foreign_signature: {
    title: 'It was signed by the app of another company',
    help: 'Nothing of it was stored. If both companies are yours, give the channel the secret of this app.',
  },
  not_found_again: {
    title: 'This part is not found in the delivery any more',
    help: 'Look at the whole delivery; it is read in another way now.',
  },
  could_not_be_stored: {
    title: 'The database did not take it',
    help: 'If the database was full or broken, replay it now.',
  },
}

/** A reason in plain words; one that is not known here is shown as it is. */
export function reasonInWords(reason: string): Words {
  return WORDS[reason] ?? { title: reason, help: '' }
}

/** Where it stood: `Message 3, in change 1 of entry 2`. */
export function placeInWords(path: string): string {
  if (path === '') return 'The whole delivery'
  const steps = [...path.matchAll(/(\w+)\[(\d+)\]/g)].map(([, list = '', index]) => {
    const number = Number(index) + 1
    return NAME[list]?.(number) ?? `${list} ${number}`
  })
  const [last = path, ...around] = steps.reverse()
  const whole = around.reduceRight((outer, inner) => (outer === '' ? inner : `${inner} of ${outer}`), '')
  const place = around.length === 0 ? last : `${last}, in ${whole}`
  return place.charAt(0).toUpperCase() + place.slice(1)
}

const NAME: Record<string, (number: number) => string> = {
  entry: (number) => `entry ${number}`,
  changes: (number) => `change ${number}`,
  messages: (number) => `message ${number}`,
  message_echoes: (number) => `message sent from the phone ${number}`,
  statuses: (number) => `status ${number}`,
  history: (number) => `part of the history ${number}`,
  threads: (number) => `thread ${number}`,
}

/** What became of a letter: `Stored by Ana at 11:42`. */
export function resolutionInWords(
  {
    resolution,
    resolvedBy,
    resolvedAt,
  }: Pick<DeadLetterSnapshot, 'resolution' | 'resolvedBy' | 'resolvedAt'>,
  now: number,
): string {
  const moment = resolvedAt ? momentInWords(resolvedAt, now) : ''
  if (resolution === 'discarded')
    return resolvedBy ? `Discarded by ${resolvedBy} ${moment}` : `Discarded ${moment}`
  return resolvedBy ? `Stored by ${resolvedBy} ${moment}` : `Stored ${moment}`
}

export type Source = { text: string; cut: { shown: number; whole: number } | null }

/** The part of a delivery that could not be stored; null when it is the whole, or too long for the list. */
export function partOf(letter: DeadLetterSnapshot): Source | null {
  if (letter.path === '' || letter.item === null) return null
  return { text: JSON.stringify(letter.item, null, 2), cut: null }
}

/** The delivery as it came, with line breaks where it can be read. What is cut cannot, and is shown as it is. */
export function wholeOf({ raw, rawSize }: DeadLetterSnapshot): Source {
  const shown = new TextEncoder().encode(raw).length
  if (shown < rawSize) return { text: raw, cut: { shown, whole: rawSize } }
  try {
    return { text: JSON.stringify(JSON.parse(raw), null, 2), cut: null }
  } catch {
    return { text: raw, cut: null }
  }
}

/** `312 bytes`, `20 kB`, `3.1 MB`. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`
  return `${oneDecimal.format(bytes / 1_000_000)} MB`
}
