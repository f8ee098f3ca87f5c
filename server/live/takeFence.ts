import type { Sql } from '../../db/client.ts'
import type { Agent } from '../inbox/agent.ts'
import { locked } from '../inbox/checkBaton.ts'
import { type FencePlace, fencePlace, mintFence } from '../inbox/mintFence.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { LockStore, LockTimes } from './lockStore.ts'
import type { LiveReach } from './reach.ts'
import { waitFor } from './wait.ts'

/** A tab of an agent, at a conversation. */
export type TabAt = { conversationId: string; tabId: string }

export type TakeFenceParts = {
  sql: Sql
  reach: LiveReach
  store: LockStore
  times: LockTimes
  random(): number
  untilIso(leftMs: number): string
}

/** Claims take milliseconds; how long the next one waits grows from and to this. */
const SHORTEST_PAUSE_MS = 3
const LONGEST_PAUSE_MS = 40

/**
 * Two stores make a lock. Redis knows who holds it and for how long; Postgres gives out the fence, which rises for ever, and
 * which the transaction of a send compares with its own. Taking one goes in four steps:
 *
 *     read the fence n (Postgres) → claim with a nonce (Redis) → n becomes n + 1, if it is still n (Postgres)
 *       → the fence is set and announced, if the nonce still stands (Redis)
 *
 * One claim at a time: the next waits until the one before has its fence, or has run out because its process died. A process
 * that was only asleep and goes on after that gets no fence (others have made n + 1 of it) or cannot set it (the nonce is another).
 * So the fence that Redis shows is the one that Postgres accepts.
 */
export function createTakeFence({ sql, reach, store, times, random, untilIso }: TakeFenceParts) {
  /** The conversation with its fence, when the agent may see it. */
  const placeInReach = async (agent: Agent, conversationId: string): Promise<FencePlace> => {
    const [place] = await Promise.all([
      fencePlace(sql, agent.workspaceId, conversationId),
      reach.channelOf(agent, conversationId, 'conversations.reply'),
    ])
    return place ?? notFound()
  }

  /** The fence that the agent holds from now on. Refuses with LOCKED, unless it takes over. */
  return async (agent: Agent, { conversationId, tabId }: TabAt, isTakeover: boolean): Promise<number> => {
    let place = await placeInReach(agent, conversationId)
    const nonce = Bun.randomUUIDv7()
    const givesUpAtMs = performance.now() + times.claimMs + LONGEST_PAUSE_MS
    for (let tries = 0; performance.now() < givesUpAtMs; tries++) {
      if (tries > 0) place = (await fencePlace(sql, agent.workspaceId, conversationId)) ?? notFound()
      const claim = await store.claim(place, { agent, tabId, nonce, isTakeover })
      if ('held' in claim) return claim.held
      if ('locked' in claim) throw locked(claim.locked.holder, untilIso(claim.locked.leftMs))
      if ('busy' in claim) {
        const pauseMs = Math.min(SHORTEST_PAUSE_MS * 1.5 ** tries, LONGEST_PAUSE_MS) * (0.5 + random())
        await waitFor(pauseMs, undefined)
        continue
      }
      const { previous } = claim.claimed
      const takenFrom = previous?.id === agent.id ? null : previous
      const fence = await mintFence(sql, place, { holderId: agent.id, takenFrom }).catch(async (error) => {
        await store.withdraw(place, nonce).catch(() => {}) // it runs out by itself
        throw error
      })
      if (fence !== null && (await store.confirm(place, { nonce, fence, tabId }))) return fence
    }
    await store.withdraw(place, nonce).catch(() => {})
    throw new Refusal('UNAVAILABLE', 'Several people are taking this conversation at once. Please try again.')
  }
}

function notFound(): never {
  throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
}
