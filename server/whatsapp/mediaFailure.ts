/**
 * Why a file could not be fetched. The words are stable, for clients decide on them; `passes` says that trying again may
 * help without anybody doing something first.
 */
export const MEDIA_FAILURES = {
  /** WhatsApp could not be reached, or broke off. */
  UNREACHABLE: { passes: true },
  TIMED_OUT: { passes: true },
  /** WhatsApp answered with a fault of its own. */
  WHATSAPP_ERROR: { passes: true },
  /** The access token is not good, or not for this file. */
  TOKEN_REFUSED: { passes: true },
  /** The address, which lives five minutes, was dead before its file was here. */
  ADDRESS_EXPIRED: { passes: true },
  /** Fewer or more bytes than were announced. */
  WRONG_LENGTH: { passes: true },
  /** The bytes are not those that were sent: their digest differs. */
  WRONG_DIGEST: { passes: true },
  /** Our own store took nothing. */
  NOT_STORED: { passes: true },
  /** WhatsApp knows no such file. */
  NOT_FOUND: { passes: false },
  TOO_LARGE: { passes: false },
  /** The file is said to be at an address from which nothing is fetched. */
  FORBIDDEN_ADDRESS: { passes: false },
  /** The address leads on to another host. */
  REDIRECTED: { passes: false },
  /** WhatsApp keeps files for seven days. */
  EXPIRED: { passes: false },
} as const

export type MediaFailure = keyof typeof MEDIA_FAILURES

/** Thrown when a file can not be fetched, also in the middle of its bytes. */
export class NotFetched extends Error {
  override readonly name = 'NotFetched'

  constructor(
    readonly failure: MediaFailure,
    detail: string,
  ) {
    super(detail)
  }
}
