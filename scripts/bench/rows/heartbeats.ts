import { Redis } from 'ioredis'
import { openDatabase } from '../../../db/client.ts'
import type { Agent } from '../../../server/inbox/agent.ts'
import { createLockStore } from '../../../server/live/lockStore.ts'
import { createLocks, LOCK_TIMES } from '../../../server/live/locks.ts'
import { createLiveReach } from '../../../server/live/reach.ts'
import { figure } from '../figure.ts'
import { crowdOf } from '../manyAgents.ts'
import type { Row } from '../row.ts'
import { median, spread } from '../statistics.ts'
import { cpuSecondsOf } from '../usage.ts'

const LOCKS = 10_000
const AGENTS = 200
const FULL_ROUNDS = 10
const QUICK_ROUNDS = 4

/** Ten thousand held locks that are all renewed, against as many bare PEXPIRE in pipelines: CPU of this process and of Redis. */
export const heartbeats: Row = async (stage, scale) => {
  const databaseUrl = await stage.freshDatabase()
  const { workspaceId, channelId, agents, conversationIds } = await crowdOf(databaseUrl, {
    agents: AGENTS,
    conversations: LOCKS,
  })
  const client = openDatabase(databaseUrl, { connections: 4 })
  const redis = new Redis(stage.redisUrl)
  const [team] = await client.sql<{ id: string }[]>`select id from teams where name = 'Support'`
  const people = agents.map(
    ({ id }, number): Agent => ({
      id,
      name: `Agent ${number}`,
      email: '',
      workspaceId,
      role: 'agent',
      teamIds: team ? [team.id] : [],
    }),
  )
  const store = createLockStore(redis, LOCK_TIMES)
  const wire = { tell: async () => {}, listen: () => () => {}, close: () => {} }
  const locks = createLocks({
    sql: client.sql,
    reach: createLiveReach(client.sql),
    store,
    wire,
    now: () => new Date(),
  })
  const held = conversationIds.flatMap((conversationId, index) => {
    const agent = people[index % AGENTS]
    return agent ? [{ agent, at: { conversationId, tabId: agent.id, fence: 1 } }] : []
  })
  const nonce = Bun.randomUUIDv7()
  const claimAll = () =>
    Promise.all(
      held.map(async ({ agent, at }) => {
        const place = { workspaceId, channelId, conversationId: at.conversationId }
        await store.claim(place, { agent, tabId: at.tabId, nonce, isTakeover: false })
        await store.confirm(place, { nonce, fence: 1, tabId: at.tabId })
      }),
    )
  const names = conversationIds.map((id) => `bare:${id}`)
  const bareAll = async (work: (pipeline: ReturnType<Redis['pipeline']>, name: string) => void) => {
    const pipeline = redis.pipeline()
    for (const name of names) work(pipeline, name)
    await pipeline.exec()
  }
  await bareAll((pipeline, name) => void pipeline.set(name, '1', 'PX', 600_000))

  const cpuSeconds = async (work: () => Promise<unknown>) => {
    const before = { own: process.cpuUsage(), redis: cpuSecondsOf(stage.pids.redis) }
    for (let round = 0; round < (scale.isQuick ? QUICK_ROUNDS : FULL_ROUNDS); round++) await work()
    const own = process.cpuUsage(before.own)
    return (own.user + own.system) / 1e6 + cpuSecondsOf(stage.pids.redis) - before.redis
  }
  const renewed: number[] = []
  const bare: number[] = []
  for (let pair = 0; pair < scale.pairs + 1; pair++) {
    await claimAll()
    renewed.push(await cpuSeconds(() => Promise.all(held.map(({ agent, at }) => locks.heartbeat(agent, at)))))
    bare.push(
      await cpuSeconds(() => bareAll((pipeline, name) => void pipeline.pexpire(name, LOCK_TIMES.ttlMs))),
    )
  }
  redis.disconnect()
  await client.close()
  const rounds = scale.isQuick ? QUICK_ROUNDS : FULL_ROUNDS
  const perLock = (seconds: number[]) => (median(seconds.slice(1)) / rounds / LOCKS) * 1e6
  // The first pair warms both up.
  const ratio = median(renewed.slice(1).map((seconds, index) => seconds / (bare[index + 1] ?? Number.NaN)))
  const note =
    `CPU of the process and of Redis for the heartbeat of one of ${LOCKS.toLocaleString('en-US')} locks, with the policy's check; ` +
    `spread ${spread(
      renewed.slice(1).map((seconds) => (seconds / rounds / LOCKS) * 1e6),
      1,
    )}; baseline: PEXPIRE in one pipeline`
  return [figure('heartbeats', perLock(renewed), 'µs', { baseline: perLock(bare), ratio, note })]
}
