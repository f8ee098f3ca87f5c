import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { untilInWords } from './time.ts'

/** Whether a conversation was put away, and for how long; null: it is open. */
export function stateInWords(
  { status, snoozedUntil }: Pick<ConversationSnapshot, 'status' | 'snoozedUntil'>,
  now: number,
): string | null {
  if (status === 'resolved') return 'Resolved'
  if (status === 'open') return null
  return snoozedUntil === null
    ? 'Snoozed until they write'
    : `Snoozed until ${untilInWords(snoozedUntil, now)}`
}
