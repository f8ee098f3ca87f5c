import type { Sql } from '../../db/client.ts'
import { together } from '../../db/together.ts'
import type { Agent } from '../inbox/agent.ts'
import { type Baton, locked, lockLost } from '../inbox/checkBaton.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { Heartbeat, HeartbeatRequest, LockStore, LockTimes } from './lockStore.ts'
import type { LockSnapshot } from './presenceItem.ts'
import type { LiveReach } from './reach.ts'
import { createTakeFence, type TabAt } from './takeFence.ts'
import type { LiveWire } from './wire.ts'

/** A lock lives 30 s and is renewed every 10: two words of a tab may be lost. */
export const LOCK_TIMES: LockTimes = { ttlMs: 30_000, leaveMs: 3000, claimMs: 5000 }

/** The reply locks of conversations. Every method refuses with NOT_FOUND what is out of the agent's reach. */
export type Locks = ReturnType<typeof createLocks>

export type LockParts = {
  sql: Sql
  reach: LiveReach
  store: LockStore
  wire: LiveWire
  times?: LockTimes
  now(): Date
  random?(): number
}

/** Heartbeats that one script renews: Redis does nothing else meanwhile. */
const LARGEST_BATCH = 250
/** See `takeFence.ts` for how a lock is taken, and how its two halves are kept in step. */
export function createLocks({
  sql,
  reach,
  store,
  wire,
  times = LOCK_TIMES,
  now,
  random = Math.random,
}: LockParts) {
  // A script that renews many costs Redis and this process a fraction of as many calls.
  const beats = new Map<string, (request: HeartbeatRequest) => Promise<Heartbeat>>()
  const beat = (workspaceId: string, request: HeartbeatRequest) => {
    const ofWorkspace =
      beats.get(workspaceId) ?? together((requests) => store.renew(workspaceId, requests), LARGEST_BATCH)
    beats.set(workspaceId, ofWorkspace)
    return ofWorkspace(request)
  }
  const untilIso = (leftMs: number) => new Date(now().getTime() + leftMs).toISOString()
  const snapshot = (agent: Agent, conversationId: string, fence: number): LockSnapshot => ({
    conversationId,
    holder: { id: agent.id, name: agent.name },
    fence,
    expiresAt: untilIso(times.ttlMs),
  })

  const takeFence = createTakeFence({ sql, reach, store, times, random, untilIso })
  const take = async (agent: Agent, at: TabAt, isTakeover: boolean) =>
    snapshot(agent, at.conversationId, await takeFence(agent, at, isTakeover))

  return {
    /** Takes the lock when nobody else holds it. Refuses with LOCKED. */
    acquire: (agent: Agent, at: TabAt) => take(agent, at, false),

    /** Takes it from whoever holds it, who is told at once. */
    takeover: (agent: Agent, at: TabAt) => take(agent, at, true),

    /** `fence` null: whichever the agent holds. Refuses with LOCK_LOST. */
    async heartbeat(agent: Agent, { conversationId, tabId, fence }: TabAt & { fence: number | null }) {
      await reach.channelOf(agent, conversationId, 'conversations.reply')
      const answer = await beat(agent.workspaceId, { conversationId, agentId: agent.id, tabId, fence })
      if ('fence' in answer) return snapshot(agent, conversationId, answer.fence)
      throw lockLost(answer.lost?.holder ?? null, answer.lost && untilIso(answer.lost.leftMs))
    },

    async release(agent: Agent, { conversationId, tabId, fence }: TabAt & { fence: number | null }) {
      await reach.channelOf(agent, conversationId, 'conversations.reply')
      const place = { workspaceId: agent.workspaceId, conversationId }
      await store.letGo(place, { agentId: agent.id, tabId, fence, keepMs: 0 })
    },

    /** The tab is closing or reloading: it keeps its part for a moment, and a reload takes it again. */
    async leave(agent: Agent, { conversationId, tabId }: TabAt) {
      const place = { workspaceId: agent.workspaceId, conversationId }
      await store.letGo(place, { agentId: agent.id, tabId, fence: null, keepMs: times.leaveMs })
    },

    /** Gives a draft to whoever took the lock over from the agent. */
    async handOver(agent: Agent, { conversationId, text }: { conversationId: string; text: string }) {
      await reach.channelOf(agent, conversationId, 'conversations.reply')
      const [lock] = await store.read(agent.workspaceId, [conversationId])
      if (!lock || lock.previousId !== agent.id) {
        throw new Refusal('WRONG_STATE', 'Nobody has taken this conversation over from you.')
      }
      const from = { id: agent.id, name: agent.name }
      await wire.tell(agent.workspaceId, { t: 'draft', id: conversationId, to: lock.holder.id, from, text })
    },

    /** Who holds what, as far as the agent may see. */
    async list(agent: Agent): Promise<LockSnapshot[]> {
      const inReach = await reach.of(agent, 'conversations.read')
      const locks = await store.list(agent.workspaceId)
      const isWithin = await reach.within(inReach, locks)
      return locks
        .filter((_, index) => isWithin[index])
        .map(({ conversationId, holder, fence, leftMs }) => ({
          conversationId,
          holder,
          fence,
          expiresAt: untilIso(leftMs),
        }))
    },

    /**
     * What a send is checked with. A fence is compared in the send's transaction; without one, Redis is asked whether somebody
     * else holds the lock. With Redis away the transaction decides by what Postgres knows.
     */
    async batonOf(agent: Agent, conversationId: string, fence: number | null): Promise<Baton> {
      if (fence !== null) return { fence }
      const lookedAtMs = performance.now()
      const locks = await store.read(agent.workspaceId, [conversationId]).catch(whenAway(null))
      if (locks === null) return { nobodyElseAtMs: null }
      const [lock] = locks
      if (lock && lock.holder.id !== agent.id)
        return { heldBy: lock.holder, expiresAt: untilIso(lock.leftMs) }
      return { nobodyElseAtMs: lookedAtMs }
    },

    /** A refusal of the send's transaction, with what only Redis knows: who holds the lock now, and until when. */
    async explain(agent: Agent, conversationId: string, error: unknown): Promise<unknown> {
      if (!(error instanceof Refusal) || !['LOCKED', 'LOCK_LOST'].includes(error.reason)) return error
      const locks = await store.read(agent.workspaceId, [conversationId]).catch(whenAway(null))
      if (locks === null) return error
      const lock = locks[0] ?? null
      if (lock === null || lock.holder.id === agent.id) return lockLost(null, null)
      const say = error.reason === 'LOCKED' ? locked : lockLost
      return say(lock.holder, untilIso(lock.leftMs))
    },
  }
}

/** Takes UNAVAILABLE for an answer. */
function whenAway<Answer>(answer: Answer): (error: unknown) => Answer {
  return (error) => {
    if (error instanceof Refusal && error.reason === 'UNAVAILABLE') return answer
    throw error
  }
}
