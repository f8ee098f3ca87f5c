/**
 * The ladder of an outgoing message. A status only ever climbs, so any order of arrival gives the same row: a late
 * `delivered` beats `failed`, and `read` may come without `delivered` (Meta omits it while the chat is open).
 *
 *     queued -> sending -> unknown -> sent -> failed -> delivered -> read -> played
 *        0         1          2        3        4          5         6        7
 *
 * `unknown`: the request left, and no answer came back. A status from WhatsApp resolves it.
 */
export const STATUS_RANK = {
  queued: 0,
  sending: 1,
  unknown: 2,
  sent: 3,
  failed: 4,
  delivered: 5,
  read: 6,
  played: 7,
} as const

export type AttemptStatus = keyof typeof STATUS_RANK

/** What we send climbs the ladder, or is called back before it left. */
export type OutgoingStatus = AttemptStatus | 'cancelled'

/** The status of a bubble: `received` for what came in. */
export type MessageStatus = OutgoingStatus | 'received'

/** Whether `status` is a rung of the ladder; Meta may invent others, and those are kept but move nothing. */
export function isAttemptStatus(status: string): status is AttemptStatus {
  return Object.hasOwn(STATUS_RANK, status)
}

/** The higher of two rungs. */
export function higherStatus(a: AttemptStatus, b: AttemptStatus): AttemptStatus {
  return STATUS_RANK[b] > STATUS_RANK[a] ? b : a
}
