import type { Redis } from 'ioredis'
import type { AgentName } from '../inbox/snapshot.ts'
import { liveChannel, lockIndex, lockPrefix } from './liveKeys.ts'
import { loadScript, orAway } from './redisScript.ts'

/** A lock as Redis has it. */
export type HeldLock = {
  conversationId: string
  channelId: string
  holder: AgentName
  fence: number
  leftMs: number
  /** From whom it was taken over. */
  previousId: string | null
}

/** Where a lock stands: its conversation, with what decides who may see it. */
export type LockPlace = { workspaceId: string; conversationId: string; channelId: string }

export type Claim =
  /** The agent holds it already, in another tab. */
  | { held: number }
  | { locked: { holder: AgentName; leftMs: number } }
  /** Another claim waits for its fence: try again in a moment. */
  | { busy: true }
  /** It waits for a fence. */
  | { claimed: { previous: AgentName | null } }

/** `lost`: who holds it instead; null when nobody does. */
export type Heartbeat = { fence: number } | { lost: { holder: AgentName; leftMs: number } | null }
export type HeartbeatRequest = {
  conversationId: string
  agentId: string
  tabId: string
  fence: number | null
}

export type LockTimes = {
  /** How long a lock lives after the last word of its tab. */
  ttlMs: number
  /** How long a tab that left may be only reloading. */
  leaveMs: number
  /** How long a claim waits for its fence. A process that dies in between costs others this long. */
  claimMs: number
}

/** Redis does nothing else while a script runs: what is long is read in parts. */
const READ_AT_ONCE = 500

/** The half of the reply locks that Redis keeps: who holds them, and for how long. Each call is one round trip. */
export type LockStore = ReturnType<typeof createLockStore>

export function createLockStore(redis: Redis, times: LockTimes) {
  const claimLock = loadScript(redis, 'claimLock')
  const confirmLock = loadScript(redis, 'confirmLock')
  const withdrawClaim = loadScript(redis, 'withdrawClaim')
  const renewLocks = loadScript(redis, 'renewLocks')
  const letGoLock = loadScript(redis, 'letGoLock')
  const readLocks = loadScript(redis, 'readLocks')
  const keyOf = (place: { workspaceId: string; conversationId: string }) =>
    lockPrefix(place.workspaceId) + place.conversationId

  return {
    async claim(
      place: LockPlace,
      by: { agent: AgentName; tabId: string; nonce: string; isTakeover: boolean },
    ): Promise<Claim> {
      const { agent, tabId, nonce, isTakeover } = by
      const args = [agent.id, agent.name, place.channelId, tabId, nonce, times.ttlMs, times.claimMs]
      const channel = liveChannel(place.workspaceId)
      const said = listOf(
        await claimLock([keyOf(place)], [...args, isTakeover ? '1' : '', channel, place.conversationId]),
      )
      const [word, first = '', second = '', third = '0'] = said.map(String)
      if (word === 'busy') return { busy: true }
      if (word === 'held') return { held: Number(first) }
      if (word === 'locked') return { locked: { holder: { id: first, name: second }, leftMs: Number(third) } }
      return { claimed: { previous: first === '' ? null : { id: first, name: second } } }
    },

    /** Whether the claim still stood, and is a lock now. */
    async confirm(place: LockPlace, by: { nonce: string; fence: number; tabId: string }): Promise<boolean> {
      const { workspaceId, conversationId } = place
      const said = await confirmLock(
        [keyOf(place), lockIndex(workspaceId)],
        [
          by.nonce,
          by.fence,
          by.tabId,
          times.ttlMs,
          liveChannel(workspaceId),
          conversationId,
          lockPrefix(workspaceId),
        ],
      )
      return said === 1
    },

    async withdraw(place: LockPlace, nonce: string): Promise<void> {
      const { workspaceId, conversationId } = place
      await withdrawClaim(
        [keyOf(place), lockIndex(workspaceId)],
        [nonce, liveChannel(workspaceId), conversationId],
      )
    },

    async renew(workspaceId: string, requests: readonly HeartbeatRequest[]): Promise<Heartbeat[]> {
      const keys = requests.map(({ conversationId }) => keyOf({ workspaceId, conversationId }))
      const args = requests.flatMap((one) => [one.conversationId, one.agentId, one.tabId, one.fence ?? ''])
      const said = listOf(await renewLocks(keys, [times.ttlMs, liveChannel(workspaceId), ...args]))
      return said.map((answer) => {
        if (typeof answer === 'number') return { fence: answer }
        const [id = '', name = '', leftMs = '0'] = listOf(answer).map(String)
        return { lost: id === '' ? null : { holder: { id, name }, leftMs: Number(leftMs) } }
      })
    },

    /** `keepMs` 0 gives the tab's part back at once. */
    async letGo(
      { workspaceId, conversationId }: { workspaceId: string; conversationId: string },
      by: { agentId: string; tabId: string; fence: number | null; keepMs: number },
    ): Promise<void> {
      const keys = [keyOf({ workspaceId, conversationId }), lockIndex(workspaceId)]
      const args = [by.agentId, by.tabId, by.fence ?? '', by.keepMs, liveChannel(workspaceId), conversationId]
      await letGoLock(keys, args)
    },

    read,

    /** All locks of a workspace. */
    async list(workspaceId: string): Promise<HeldLock[]> {
      const conversationIds = await orAway(redis.smembers(lockIndex(workspaceId)))
      const locks: HeldLock[] = []
      while (conversationIds.length > 0) {
        const some = await read(workspaceId, conversationIds.splice(0, READ_AT_ONCE))
        locks.push(...some.filter((lock) => lock !== null))
      }
      return locks
    },
  }

  /** For each conversation its lock, or null. A claim without a fence is none yet. */
  async function read(workspaceId: string, conversationIds: readonly string[]): Promise<(HeldLock | null)[]> {
    if (conversationIds.length === 0) return []
    const keys = conversationIds.map((conversationId) => keyOf({ workspaceId, conversationId }))
    const said = listOf(await readLocks([lockIndex(workspaceId), ...keys], conversationIds))
    return conversationIds.map((conversationId, index) => lockOf(conversationId, said[index]))
  }
}

const listOf = (reply: unknown): unknown[] => (Array.isArray(reply) ? reply : [])

function lockOf(conversationId: string, reply: unknown): HeldLock | null {
  const [id, name, channelId, fence, leftMs, previousId] = listOf(reply).map(String)
  if (!id || name === undefined || !channelId) return null
  return {
    conversationId,
    channelId,
    holder: { id, name },
    fence: Number(fence),
    leftMs: Math.max(0, Number(leftMs)),
    previousId: previousId || null,
  }
}
