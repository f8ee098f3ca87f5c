import type { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { z } from 'zod'
import { Refusal } from '../../inbox/refusal.ts'

/** What REST answers when it does not do what was asked. */
export type RestError = {
  /** The stable word to decide on: a refusal's reason, else the tRPC code. */
  reason: string
  /** A sentence for people. */
  message: string
  /** What belongs to the reason, such as who holds a lock. */
  details: unknown
  /** For support: it stands in the log as well. */
  requestId: string
}

/** An error of a procedure, as REST tells it. */
export function restError(error: TRPCError, requestId: string): { status: number; body: RestError } {
  const { cause, code } = error
  const status = getHTTPStatusCodeFromError(error)
  if (cause instanceof Refusal) {
    const { reason, message, details } = cause
    return { status, body: { reason, message, details, requestId } }
  }
  if (cause instanceof z.ZodError) {
    const details = { issues: cause.issues.map(({ path, message }) => ({ path: path.join('.'), message })) }
    return { status, body: { reason: code, message: z.prettifyError(cause), details, requestId } }
  }
  const message =
    code === 'INTERNAL_SERVER_ERROR' ? 'Something went wrong on the server. Please try again.' : error.message
  return { status, body: { reason: code, message, details: null, requestId } }
}
