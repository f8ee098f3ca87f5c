import { isTRPCClientError, type TRPCClientError } from '@trpc/client'
import type { RefusalReason } from '../inbox/refusal.ts'
import type { AppRouter } from '../trpc/router.ts'

type ErrorCode = NonNullable<TRPCClientError<AppRouter>['data']>['code']

/** Why a call failed: the inbox's own word, else the code of tRPC, else that no answer came at all. */
export type BatonReason = RefusalReason | ErrorCode | 'UNREACHABLE'

export type BatonError = {
  reason: BatonReason
  /** A sentence for people. */
  message: string
  /** What belongs to the reason, such as who holds a lock. */
  details: Readonly<Record<string, unknown>> | null
  /** For support; null when no answer came. */
  requestId: string | null
}

/** What went wrong, of an error that a call or a subscription ended with. Throws on what is no error of the client. */
export function batonError(error: unknown): BatonError {
  if (!isTRPCClientError<AppRouter>(error)) throw error
  const { data, message } = error
  if (!data) return { reason: 'UNREACHABLE', message, details: null, requestId: null }
  return { reason: data.reason ?? data.code, message, details: data.details, requestId: data.requestId }
}

/** Statuses below 500 that say "not now"; the others say "no", and asking again changes nothing. */
const PASSING_STATUSES = [408, 425, 429]

/** Whether the same subscription may work later. What the server itself refused does not: it says why, in `data`. */
export function isPassing(error: TRPCClientError<AppRouter>): boolean {
  if (error.data) return error.data.httpStatus >= 500
  const status = statusOf(error.cause)
  return status === null || status >= 500 || PASSING_STATUSES.includes(status)
}

/** `eventsource` tells the status of an answer that was no stream as `code`. */
function statusOf(cause: unknown): number | null {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return null
  return typeof cause.code === 'number' ? cause.code : null
}
