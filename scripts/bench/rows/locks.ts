import { figure } from '../figure.ts'
import { subscription, Tab } from '../load/tab.ts'
import { type BenchAgent, crowdOf } from '../manyAgents.ts'
import { startProduct } from '../product.ts'
import type { Row } from '../row.ts'
import { percentile } from '../statistics.ts'

const AGENTS = 200
/** Ten agents want each conversation. */
const CONVERSATIONS = 20
const RATE = 200
/** Long enough that about half of those who ask find the lock taken. */
const HELD_MS = 100
const FULL_SECONDS = 10
const QUICK_SECONDS = 3
const FULL_TAKEOVERS = 300
const QUICK_TAKEOVERS = 60
const SEEN_WITHIN_MS = 5000

/** Two hundred agents who want the same few conversations, and how soon the one who loses a lock knows. */
export const locks: Row = async (stage, scale) => {
  const databaseUrl = await stage.freshDatabase()
  const server = await startProduct(stage, { databaseUrl, roles: 'server' })
  const { agents, conversationIds } = await crowdOf(databaseUrl, {
    agents: AGENTS,
    conversations: CONVERSATIONS,
  })
  const tabIds = agents.map(() => Bun.randomUUIDv7())
  const ask = (verb: string, agent: BenchAgent | undefined, input: object) =>
    fetch(`${server.url}/trpc/locks.${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url, cookie: agent?.cookie ?? '' },
      body: JSON.stringify(input),
    })

  const acquired: number[] = []
  let refused = 0
  const contend = async (turn: number, dueAtMs: number) => {
    const who = turn % AGENTS
    const at = { conversationId: conversationIds[(turn * 7) % CONVERSATIONS], tabId: tabIds[who] }
    const response = await ask('acquire', agents[who], at)
    const text = await response.text()
    acquired.push(performance.now() - dueAtMs)
    if (response.status === 409) refused++
    else if (response.ok) {
      const fence = Number(/"fence":(\d+)/.exec(text)?.[1])
      await Bun.sleep(HELD_MS)
      await ask('release', agents[who], { ...at, fence })
    } else throw new Error(`locks.acquire was answered with ${response.status}: ${text}`)
  }
  const openLoop = async (seconds: number) => {
    const startedAt = performance.now()
    const all: Promise<void>[] = []
    for (let turn = 0; turn < RATE * seconds; turn++) {
      const dueAtMs = startedAt + (turn * 1000) / RATE
      const waitMs = dueAtMs - performance.now()
      if (waitMs > 0) await Bun.sleep(waitMs)
      all.push(contend(turn, dueAtMs))
    }
    await Promise.all(all)
  }
  await openLoop(1)
  acquired.length = refused = 0
  await openLoop(scale.isQuick ? QUICK_SECONDS : FULL_SECONDS)

  const seen = await takeovers(scale.isQuick ? QUICK_TAKEOVERS : FULL_TAKEOVERS)
  return [
    figure('lock-acquire', percentile(acquired, 0.99), 'ms', {
      note: `locks.acquire over HTTP, ${AGENTS} agents, ${CONVERSATIONS} conversations, ${RATE}/s open loop, each lock held for ${HELD_MS} ms; p50 ${percentile(acquired, 0.5).toFixed(1)} ms, ${refused} of ${acquired.length} found it taken`,
    }),
    figure('lock-takeover', percentile(seen, 0.99), 'ms', {
      note: `p99 from asking for locks.takeover to the loser's frame of live.presence, ${AGENTS} tabs following; p50 ${percentile(seen, 0.5).toFixed(1)} ms, ${seen.length} takeovers`,
    }),
  ]

  /** Each takes the lock over from the one before. */
  async function takeovers(times: number): Promise<number[]> {
    const conversationId = conversationIds[0] ?? ''
    const lost = agents.map(() => Promise.withResolvers<void>())
    const tabs = await Promise.all(
      agents.map(async ({ id, cookie }, index) => {
        const tab = await new Tab().open(server.port, cookie)
        const asPrevious = `"previous":{"id":"${id}"`
        tab.onFrame = (bytes) => {
          if (bytes.includes('"taken_over"') && bytes.includes(asPrevious)) lost[index]?.resolve()
        }
        tab.send(subscription('live.presence', { tabId: tabIds[index] }))
        return tab
      }),
    )
    await ask('takeover', agents[0], { conversationId, tabId: tabIds[0] })
    const seenMs: number[] = []
    for (let time = 1; time <= times; time++) {
      const loser = (time - 1) % AGENTS
      const taker = time % AGENTS
      const told = Promise.withResolvers<void>()
      lost[loser] = told
      const askedAt = performance.now()
      const [response] = await Promise.all([
        ask('takeover', agents[taker], { conversationId, tabId: tabIds[taker] }),
        Promise.race([
          told.promise,
          Bun.sleep(SEEN_WITHIN_MS).then(() => Promise.reject(new Error('The loser was not told'))),
        ]).then(() => seenMs.push(performance.now() - askedAt)),
      ])
      await response.text()
    }
    for (const tab of tabs) tab.close()
    return seenMs
  }
}
