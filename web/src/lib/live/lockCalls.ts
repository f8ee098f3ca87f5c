import type { AgentName } from '../../../../server/inbox/snapshot.ts'
import type { LockSnapshot } from '../../../../server/live/presenceItem.ts'
import type { Api } from '../api/client.ts'
import { detailsOf, troubleOf } from '../api/refusal.ts'
import { isAgentName } from '../inbox/sendRefusal.ts'

/** What the server says of a lock: it is yours, somebody's, nobody's any more; or it could not be asked. */
export type LockAnswer =
  | { lock: LockSnapshot }
  | { heldBy: AgentName; expiresAt: string }
  | { isGone: true }
  | { isAway: true }

/** The server, as the keeper of the lock needs it: it answers, and never throws. */
export type LockCalls = {
  acquire(conversationId: string): Promise<LockAnswer>
  takeover(conversationId: string): Promise<LockAnswer>
  heartbeat(conversationId: string, fence: number): Promise<LockAnswer>
  release(conversationId: string, fence: number): Promise<void>
}

export function lockCalls(api: Api, tabId: string): LockCalls {
  return {
    acquire: (conversationId) => answerTo(api.locks.acquire.mutate({ conversationId, tabId })),
    takeover: (conversationId) => answerTo(api.locks.takeover.mutate({ conversationId, tabId })),
    heartbeat: (conversationId, fence) =>
      answerTo(api.locks.heartbeat.mutate({ conversationId, tabId, fence })),
    async release(conversationId, fence) {
      // Unheard, it runs out by itself.
      await api.locks.release.mutate({ conversationId, tabId, fence }).catch(() => {})
    },
  }
}

async function answerTo(asked: Promise<{ lock: LockSnapshot }>): Promise<LockAnswer> {
  try {
    return await asked
  } catch (error) {
    const { reason } = troubleOf(error)
    if (reason !== 'LOCKED' && reason !== 'LOCK_LOST') return { isAway: true }
    const { holder, expiresAt } = detailsOf(error)
    const isHeld = isAgentName(holder) && typeof expiresAt === 'string'
    return isHeld ? { heldBy: holder, expiresAt } : { isGone: true }
  }
}
