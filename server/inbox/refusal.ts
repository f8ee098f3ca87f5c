/**
 * Why the inbox says no. The word is stable: clients decide on it (`data.reason`), people read the sentence.
 */
export type RefusalReason =
  | 'NOT_FOUND'
  | 'NOT_A_MEMBER'
  | 'WINDOW_CLOSED'
  | 'MESSAGE_EMPTY'
  | 'MESSAGE_TOO_LONG'
  | 'ID_TAKEN'
  | 'FORBIDDEN'
  /** Somebody else holds the reply lock. */
  | 'LOCKED'
  /** The reply lock that came with the request is not current any more. */
  | 'LOCK_LOST'
  /** A colleague answered or noted after what the sender had seen. */
  | 'COLLEAGUE_REPLIED'
  /** Nothing can be sent on this channel until an administrator has put it right. */
  | 'CHANNEL_STOPPED'
  /** The content breaks a limit of WhatsApp; `details` says which. */
  | 'MESSAGE_INVALID'
  | 'MEDIA_UNUSABLE'
  | 'TEMPLATE_UNUSABLE'
  /** The contact wants no marketing. */
  | 'OPTED_OUT'
  /** What was asked for does not fit the state in which the message is. */
  | 'WRONG_STATE'
  /** They may not see that conversation, or are no member any more. */
  | 'NOT_ASSIGNABLE'
  /** There is one of that name already. */
  | 'NAME_TAKEN'
  /** Well-formed, and yet not possible: a moment that is over, a place that nothing fills. */
  | 'INPUT_INVALID'
  | 'TOO_MANY_REQUESTS'
  /** Something that this needs cannot be reached at the moment. */
  | 'UNAVAILABLE'
  /** The API key is wrong, expired or revoked. */
  | 'KEY_INVALID'
  /** The API key may not do this, though its agent might; `details.scope` is what it lacks. */
  | 'SCOPE_MISSING'

/** What a client can show or decide on beside the sentence, as `data.details`. */
export type RefusalDetails = Readonly<Record<string, unknown>>

/** Thrown by the verbs of the inbox when a request is well-formed but may not happen. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  constructor(
    readonly reason: RefusalReason,
    message: string,
    readonly details: RefusalDetails | null = null,
  ) {
    super(message)
  }
}

export function isRefusedAs(error: unknown, reason: RefusalReason): error is Refusal {
  return error instanceof Refusal && error.reason === reason
}
