import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repeatable } from '../../db/repeatable.ts'
import type { Agent } from '../../server/inbox/agent.ts'
import type { Baton } from '../../server/inbox/checkBaton.ts'
import { sendMessages } from '../../server/inbox/sendMessages.ts'
import { lockPrefix } from '../../server/live/liveKeys.ts'
import { createLockStore, type LockStore } from '../../server/live/lockStore.ts'
import { createLocks, LOCK_TIMES, type Locks } from '../../server/live/locks.ts'
import { createLiveReach } from '../../server/live/reach.ts'
import { createLiveWire } from '../../server/live/wire.ts'
import { createLog } from '../../server/log.ts'
import { connectBlockingRedis, connectRedis, whenReady } from '../../server/redis.ts'
import { testAgent, testConversation } from '../../server/testing/testPeople.ts'
import { reachTo } from '../../server/testing/testReach.ts'
import { testWorkspace } from '../../server/testing/testWorkspace.ts'
import { startRedis } from '../services/redis.ts'

/** A take that was stopped half way, as a process that the machine has put to sleep. */
export type Stalled = {
  by: number
  /** Wakes it up, and says what came of it. */
  resume(): Promise<PromiseSettledResult<unknown>>
}

export type StallPoint = 'after the claim' | 'before the fence is set'

/** How the stores stand, read past the locks. */
export type Standing = {
  fence: number
  holder: number | null
  /** The lock in Redis; without a fence it is a claim. */
  lock: { agent: number; fence: number | null; tabs: string[] } | null
}

export type LockRig = Awaited<ReturnType<typeof startLockRig>>

/** Claims run out when the model says so, and not because the machine is busy. */
const CLAIM_MS = 60_000
/** Who waits for a claim of somebody who sleeps gives up after this. */
const TRIES_FOR_MS = 25
/** Long enough for one that wakes up to find out what has happened, and to try again. */
const SLEEPER_TRIES_FOR_MS = 300

/** Locks of three agents on a Postgres and on a Redis of their own, which can be killed, emptied and aged by hand. */
export async function startLockRig() {
  const folder = await mkdtemp(join(tmpdir(), 'baton-locks-'))
  let server = await startRedis({ dir: folder })
  const log = createLog({ level: 'silent', name: 'test' })
  const redis = connectRedis(server.url, log)
  const subscriber = connectBlockingRedis(server.url, 0, log)
  await Promise.all([whenReady(redis, 10_000), whenReady(subscriber, 10_000)])
  const workspace = await testWorkspace()
  const { sql, workspaceId, channelId } = workspace
  const agents = await Promise.all(['Ana', 'Ben', 'Carla'].map((name) => testAgent(workspace, name)))
  const wire = createLiveWire(redis, subscriber, log)
  const reach = createLiveReach(sql)
  const now = () => new Date()
  const times = { ...LOCK_TIMES, claimMs: CLAIM_MS }
  const store = createLockStore(redis, times)
  const locksOver = (over: LockStore, triesForMs: number): Locks =>
    createLocks({ sql, reach, store: over, wire, times: { ...times, claimMs: triesForMs }, now })
  const processes = [locksOver(store, TRIES_FOR_MS), locksOver(store, TRIES_FOR_MS)]
  const indexOf = (agentId: string | null) => {
    const index = agents.findIndex((agent) => agent.id === agentId)
    return index < 0 ? null : index
  }
  const agent = (index: number): Agent => agents[index] ?? raise('There is no such agent')

  return {
    agent,
    startConversation: () => testConversation(workspace),
    /** The locks of one of two processes. */
    locks: (process: number): Locks => processes[process % 2] ?? raise('There is no such process'),

    async send(conversationId: string, by: number, baton: Baton): Promise<string> {
      const content = { kind: 'text' as const, text: 'An answer' }
      const clientMessageId = Bun.randomUUIDv7()
      const request = {
        agent: agent(by),
        reach: reachTo([channelId]),
        conversationId,
        clientMessageId,
        content,
        baton,
      }
      const [outcome] = await repeatable(sql, (tx) => sendMessages(tx, [request], now()))
      return outcome && 'refused' in outcome ? outcome.refused.reason : 'written'
    },

    /** Begins to take the lock, and returns when it has come to that point, or has ended before. */
    async stall(
      at: { conversationId: string; tabId: string },
      by: number,
      point: StallPoint,
      isTakeover: boolean,
    ) {
      const reached = Promise.withResolvers<void>()
      const woken = Promise.withResolvers<void>()
      const pause = async () => {
        reached.resolve()
        await woken.promise
      }
      const stopping: LockStore = {
        ...store,
        claim: async (...args) => {
          const claim = await store.claim(...args)
          if (point === 'after the claim' && 'claimed' in claim) await pause()
          return claim
        },
        confirm: async (...args) => {
          if (point === 'before the fence is set') await pause()
          return store.confirm(...args)
        },
      }
      const locks = locksOver(stopping, SLEEPER_TRIES_FOR_MS)
      const taking = Promise.allSettled([(isTakeover ? locks.takeover : locks.acquire)(agent(by), at)])
      const ended = await Promise.race([taking.then(() => true), reached.promise.then(() => false)])
      const resume = async () => {
        woken.resolve()
        const [outcome] = await taking
        return outcome
      }
      return { ended, stalled: { by, resume } satisfies Stalled }
    },

    async standing(conversationId: string): Promise<Standing> {
      const [row] = await sql<{ fence: number; holderId: string | null }[]>`
        select fence::float8 as fence, holder_id from conversation_locks where conversation_id = ${conversationId}`
      const fields = await redis.hgetall(lockPrefix(workspaceId) + conversationId)
      const agentIndex = indexOf(fields.agent ?? null)
      const tabs = Object.entries(fields).flatMap(([name, until]) =>
        name.startsWith('t:') && Number(until) > Date.now() ? [name.slice(2)] : [],
      )
      return {
        fence: row?.fence ?? 0,
        holder: indexOf(row?.holderId ?? null),
        lock:
          agentIndex === null
            ? null
            : { agent: agentIndex, fence: fields.fence ? Number(fields.fence) : null, tabs },
      }
    },

    /** What time does to a lock, or to a claim: the key is gone, and nobody says a word. */
    runOut: async (conversationId: string) =>
      void (await redis.del(lockPrefix(workspaceId) + conversationId)),
    /** What time does to one of several tabs. */
    tabRunsOut: async (conversationId: string, tabId: string) =>
      void (await redis.hset(lockPrefix(workspaceId) + conversationId, `t:${tabId}`, 1)),
    empty: async () => void (await redis.flushall()),

    /** Kills Redis where it stands, and starts it again on what it had written down. */
    async killRedis(): Promise<void> {
      process.kill(server.pid, 'SIGKILL')
      await server.exited
      server = await startRedis({ dir: folder })
      await Promise.all([whenReady(redis, 10_000), whenReady(subscriber, 10_000)])
    },

    async stop(): Promise<void> {
      wire.close()
      redis.disconnect()
      subscriber.disconnect()
      await server.stop()
      await workspace.drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function raise(why: string): never {
  throw new Error(why)
}
