import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MessageStatus } from '../../../../server/inbox/statusLadder.ts'

/** The rungs of the server's ladder (`STATUS_RANK`), lowest first; the type check fails when one is missing here. */
const RANK: Record<MessageStatus, number> = {
  received: -1,
  queued: 0,
  cancelled: 0.5,
  sending: 1,
  unknown: 2,
  sent: 3,
  failed: 4,
  delivered: 5,
  read: 6,
  played: 7,
}

/** How far a message got, and in which attempt: a retry starts a new ladder, so a newer attempt beats any rung. */
export type Reached = Pick<MessageSnapshot, 'status' | 'attempt'> &
  Partial<Pick<MessageSnapshot, 'error' | 'wamid' | 'retryAt' | 'decideAt' | 'dismissedAt'>>

/** Whether `a` is further than `b`. */
export function isFurther(a: Reached, b: Reached): boolean {
  return a.attempt === b.attempt ? RANK[a.status] > RANK[b.status] : a.attempt > b.attempt
}

/** `held` moved on to `reached`, or `held` itself when that says nothing new. */
export function advanced<M extends Reached>(held: M, reached: Reached): M {
  if (isFurther(reached, held)) {
    const { status, attempt, error = null, retryAt = null, decideAt = null, dismissedAt = null } = reached
    return {
      ...held,
      status,
      attempt,
      ...('error' in held && { error }),
      ...('retryAt' in held && { retryAt, decideAt, dismissedAt }),
      ...('wamid' in held && { wamid: reached.wamid ?? held.wamid }),
    }
  }
  const wamid = 'wamid' in held ? (held.wamid ?? reached.wamid ?? null) : undefined
  const isSameRung = held.attempt === reached.attempt && held.status === reached.status
  const [decideAt, dismissedAt] = [later(held, reached, 'decideAt'), later(held, reached, 'dismissedAt')]
  const isDecided = isSameRung && (decideAt !== held.decideAt || dismissedAt !== held.dismissedAt)
  if ('retryAt' in held && isDecided) return { ...held, wamid, decideAt, dismissedAt }
  return wamid !== held.wamid ? { ...held, wamid } : held
}

/** On one rung a moment only moves on: an agent who looks again, or who puts a failure aside. */
function later(a: Reached, b: Reached, moment: 'decideAt' | 'dismissedAt'): string | null | undefined {
  const [first, second] = [a[moment], b[moment]]
  if (!first || !second) return first || second || first
  if (second > first) return second
  return first
}
