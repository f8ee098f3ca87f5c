import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { failureInWords, failureOf } from './failure.ts'
import type { FailureAction } from './failureTable.ts'
import { clockTime } from './time.ts'

/** What can be pressed below a message. */
export type NoteAct = 'retry' | 'edit' | 'template' | 'dismiss' | 'check' | 'send_again' | 'leave' | 'cancel'

/** What stands below the bubble of a message that did not simply arrive: what happened, and what can be done. */
export type MessageNote = {
  tone: 'danger' | 'warn' | 'muted'
  words: string
  acts: readonly NoteAct[]
  /** The channel has to be put right first: its settings are offered to those who may, the others are told whom to ask. */
  isForAdministrators?: boolean
}

export const ACT_WORDS: Record<NoteAct, string> = {
  retry: 'Try again',
  edit: 'Edit and send',
  template: 'Send a template',
  dismiss: 'Dismiss',
  check: 'Check again',
  send_again: 'Send again',
  leave: 'Leave it',
  cancel: 'Cancel',
}

/** What helps, by what the failure offers. What an administrator mends can be tried again afterwards. */
const ACTS: Record<FailureAction, readonly NoteAct[]> = {
  retry: ['retry'],
  retry_at: ['retry'],
  edit: ['edit'],
  send_template: ['template'],
  open_settings: ['retry'],
  fix_number: [],
  none: [],
}

/** Null: it needs no words. `now`: after two minutes of doubt it is the agent's turn. */
export function noteOf(message: MessageSnapshot, now: number): MessageNote | null {
  const note = NOTES[message.status]
  return message.direction === 'out' && note ? note(message, now) : null
}

type Note = (message: MessageSnapshot, now: number) => MessageNote | null

const twice: Note = ({ wasDeliveredEarlier }) =>
  wasDeliveredEarlier
    ? { tone: 'warn', words: 'Delivered twice: an earlier try had arrived after all.', acts: [] }
    : null

const NOTES: Partial<Record<MessageSnapshot['status'], Note>> = {
  delivered: twice,
  read: twice,
  played: twice,
  failed({ error, content, dismissedAt }) {
    if (dismissedAt) return null
    const { action, turn } = failureOf(error)
    const offered = ACTS[action].filter((act) => act !== 'edit' || content.kind === 'text')
    const isForAdministrators = turn === 'administrator'
    return {
      tone: 'danger',
      words: failureInWords(error),
      acts: [...offered, 'dismiss'],
      isForAdministrators,
    }
  },
  unknown({ decideAt, dismissedAt }, now) {
    if (dismissedAt) return { tone: 'muted', words: 'It is not known whether this arrived.', acts: [] }
    const isTheirTurn = decideAt !== null && new Date(decideAt).getTime() <= now
    if (isTheirTurn) {
      const words = 'We don’t know whether it arrived. Sent again, the customer may have it twice.'
      return { tone: 'warn', words, acts: ['check', 'send_again', 'leave'] }
    }
    const words = 'WhatsApp did not answer, so it may or may not have been sent. It will show here.'
    return { tone: 'warn', words, acts: [] }
  },
  queued({ error, retryAt }) {
    if (retryAt === null) return null
    const why = error ? failureOf(error, 'queued').happened : 'WhatsApp asked us to wait.'
    return { tone: 'warn', words: `${why} Next try ${clockTime(retryAt)}.`, acts: ['cancel'] }
  },
  cancelled: ({ content }) => ({
    tone: 'muted',
    words: 'Cancelled before it was sent.',
    acts: content.kind === 'text' ? ['edit'] : [],
  }),
}
