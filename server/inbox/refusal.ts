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

/** Thrown by the verbs of the inbox when a request is well-formed but may not happen. */
export class Refusal extends Error {
  override readonly name = 'Refusal'

  constructor(
    readonly reason: RefusalReason,
    message: string,
  ) {
    super(message)
  }
}
