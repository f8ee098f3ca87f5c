import { TRPCClientError } from '@trpc/client'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import { refusalInWords } from './refusalInWords.ts'

/** What went wrong, in words that may be shown. */
export type Trouble = {
  message: string
  /** The stable word of the server, `AWAY` when it could not be reached at all. */
  reason: string | null
  /** For support. */
  requestId: string | null
}

const AWAY: Trouble = {
  message: 'The server cannot be reached. Check your connection, then try again.',
  reason: 'AWAY',
  requestId: null,
}

/** Codes that say "not now" rather than "no": the same request may succeed later. */
const PASSING = new Set([
  'INTERNAL_SERVER_ERROR',
  'TIMEOUT',
  'TOO_MANY_REQUESTS',
  'BAD_GATEWAY',
  'SERVICE_UNAVAILABLE',
  'GATEWAY_TIMEOUT',
  'CLIENT_CLOSED_REQUEST',
])

export function codeOf(error: unknown): string | null {
  return isApiError(error) ? (error.data?.code ?? null) : null
}

export function troubleOf(error: unknown): Trouble {
  if (!isApiError(error) || !error.data) return AWAY
  const { code, reason, requestId } = error.data
  return { message: refusalInWords(reason, error.message), reason: reason ?? code, requestId }
}

/** What the server said beside the sentence; empty when it said nothing. */
export function detailsOf(error: unknown): Readonly<Record<string, unknown>> {
  return (isApiError(error) ? error.data?.details : null) ?? {}
}

/** Whether asking again may help: no answer came, or the answer was about the moment and not about the request. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  return code === null || PASSING.has(code)
}

function isApiError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError
}
