import type { RefusalReason } from '../../../../server/inbox/refusal.ts'
import { pageLanguage } from '../words/language.ts'

/**
 * What the server refuses, for whoever does not read English: the server speaks English only, and its sentence is closer to
 * the matter, so whoever reads it gets that.
 */
const SENTENCES: Partial<Record<RefusalReason | 'TOO_LARGE' | 'WRONG_TYPE' | 'NOT_CONVERTIBLE', string>> = {
  NOT_FOUND: 'This is not there any more, or it is not yours to see.',
  NOT_A_MEMBER: 'You are not a member of this workspace any more. Please sign in again.',
  WINDOW_CLOSED: 'The 24-hour window is closed. Send a template.',
  MESSAGE_EMPTY: 'Write something before you send it.',
  MESSAGE_TOO_LONG: 'This is longer than WhatsApp takes. Shorten it.',
  ID_TAKEN: 'This was sent already.',
  FORBIDDEN: 'Your role does not allow this. An administrator can help.',
  LOCKED: 'A colleague is replying in this conversation.',
  LOCK_LOST: 'The baton was passed on while you were writing.',
  COLLEAGUE_REPLIED: 'A colleague has answered meanwhile.',
  CHANNEL_STOPPED: 'Nothing can be sent on this channel until an administrator has put it right.',
  MESSAGE_INVALID: 'WhatsApp would not take this message. Check its parts and their length.',
  MEDIA_UNUSABLE: 'This file cannot be sent. Choose another one.',
  TEMPLATE_UNUSABLE: 'This template cannot be sent like this. Check its values, or choose another one.',
  OPTED_OUT: 'This customer wants no marketing.',
  WRONG_STATE: 'It is too late for that: it has gone on meanwhile.',
  NOT_ASSIGNABLE: 'They cannot see this conversation, so they cannot answer it.',
  NAME_TAKEN: 'There is one of that name already.',
  INPUT_INVALID: 'That is not possible. Check what you entered.',
  TOO_MANY_REQUESTS: 'Too much at once. Wait a moment, then try again.',
  UNAVAILABLE: 'This cannot be done at the moment. Try again soon.',
  TOO_LARGE: 'This file is too large.',
  WRONG_TYPE: 'WhatsApp does not take files of this type.',
  NOT_CONVERTIBLE: 'This recording cannot be turned into a voice message here.',
}

/** A refusal as it is shown: the server's own sentence in English, ours by its reason in the other languages. */
export function refusalInWords(reason: string | null | undefined, english: string): string {
  if (pageLanguage() === 'en') return english
  return Object.entries(SENTENCES).find(([known]) => known === reason)?.[1] ?? english
}
