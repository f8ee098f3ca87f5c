import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { MessageStatus } from '../../../../server/inbox/statusLadder.ts'

/** The rungs of the server's ladder (`STATUS_RANK`), lowest first; the type check fails when one is missing here. */
const RANK: Record<MessageStatus, number> = {
  received: -1,
  queued: 0,
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
  Partial<Pick<MessageSnapshot, 'error' | 'wamid'>>

/** Whether `a` is further than `b`. */
export function isFurther(a: Reached, b: Reached): boolean {
  return a.attempt === b.attempt ? RANK[a.status] > RANK[b.status] : a.attempt > b.attempt
}

/** `held` moved on to `reached`, or `held` itself when that says nothing new. */
export function advanced<M extends Reached>(held: M, reached: Reached): M {
  const wamid = reached.wamid ?? null
  if (isFurther(reached, held)) {
    const { status, attempt } = reached
    const error = reached.error ?? null
    return {
      ...held,
      status,
      attempt,
      ...('error' in held && { error }),
      ...('wamid' in held && { wamid: wamid ?? held.wamid }),
    }
  }
  const isNews = 'wamid' in held && held.wamid === null && wamid !== null
  return isNews ? { ...held, wamid } : held
}
